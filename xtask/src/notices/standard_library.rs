use super::Part;
use crate::process;
use anyhow::Result;
use std::{fs, path::Path, process::Command};

/// The notices of the standard library in a toolchain's folder.
const FILE: &str = "share/doc/rust/COPYRIGHT-library.html";
/// The notice for toolchains that lack this file, as those of some distributions do.
const WITHOUT: &str = "The Rust standard library is MIT OR Apache-2.0, Copyright (c) The Rust \
                       Project Developers (see https://thanks.rust-lang.org). The notices of what \
                       it uses are in COPYRIGHT-library.html of https://www.rust-lang.org.";

/// The standard library, which is in every Rust program, with all that it uses itself.
pub(super) fn part() -> Result<Part> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let texts = match fs::read_to_string(Path::new(sysroot.trim()).join(FILE)) {
        Ok(page) => texts(&page),
        Err(_) => vec![WITHOUT.to_owned()],
    };
    Ok(Part {
        name: "The Rust standard library".into(),
        licence: "MIT OR Apache-2.0, and others".into(),
        origin: "https://github.com/rust-lang/rust".into(),
        texts,
    })
}

/// The page's own text, and each of the licences that it quotes.
fn texts(page: &str) -> Vec<String> {
    let mut own = String::new();
    let mut texts = Vec::new();
    for part in page.split("<pre>") {
        let (quoted, rest) = part.split_once("</pre>").unwrap_or(("", part));
        texts.push(plain(quoted));
        own.push_str(rest);
    }
    let own = plain(own.split_once("<body>").map_or(own.as_str(), |(_, body)| body));
    let lines = own.lines().map(str::trim).filter(|line| !line.is_empty());
    let own = lines.collect::<Vec<_>>().join("\n");
    texts.retain(|text| !text.trim().is_empty());
    texts.insert(0, own);
    texts
}

/// Removes tags, and decodes entities.
fn plain(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    let named = [("&lt;", "<"), ("&#60;", "<"), ("&gt;", ">"), ("&#62;", ">"), ("&quot;", "\"")];
    let quotes = [("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&#38;", "&"), ("&amp;", "&")];
    named.iter().chain(&quotes).fold(text, |text, (entity, char)| text.replace(entity, char))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_taken_out_of_the_page() {
        let page = "<title>x</title><body>\n<h3>cc-1</h3>\n\n <p><b>Authors:</b> A &#60;a@b&#62;</p>\
            <pre>\nDo &#34;it&#34; &amp; be\n</pre><p>License: MIT</p><pre></pre></body>";
        let expected = ["cc-1\nAuthors: A <a@b>License: MIT", "\nDo \"it\" & be\n"];
        assert_eq!(texts(page), expected);
    }
}
