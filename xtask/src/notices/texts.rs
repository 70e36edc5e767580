use anyhow::{Context, Result};
use std::{fs, path::Path};

/// How the names of licence files begin.
const NAMES: [&str; 6] = ["licen", "copying", "copyright", "notice", "unlicense", "patents"];
/// Endings of files that are code, however their names begin.
const CODE: [&str; 8] = ["c", "h", "html", "js", "json", "py", "rs", "toml"];
/// Folders whose contents are not linked.
const SKIPPED: [&str; 5] = [".git", "benches", "examples", "target", "tests"];
/// How deep the folders of a crate are searched.
const DEPTH: usize = 6;

/// The licences and notices of a crate and of what it bundles, in the order of their paths.
pub(super) fn below(folder: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    collect(folder, DEPTH, &mut texts)?;
    Ok(texts)
}

fn collect(folder: &Path, depth: usize, texts: &mut Vec<String>) -> Result<()> {
    let listed = || format!("cannot list {}", folder.display());
    let mut entries: Vec<_> =
        fs::read_dir(folder).and_then(Iterator::collect).with_context(listed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().to_lowercase());
        if path.is_dir() {
            if depth > 0 && !SKIPPED.contains(&name.as_str()) {
                collect(&path, depth - 1, texts)?;
            }
        } else if is_licence(&name) {
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            texts.push(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
        }
    }
    Ok(())
}

fn is_licence(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    NAMES.iter().any(|beginning| name.starts_with(beginning)) && !CODE.contains(&ending)
}

/// A key that is equal for texts that differ only in white space.
pub(super) fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_known_by_their_names() {
        for name in ["license", "license-mit", "licence.md", "copying", "notice.txt", "unlicense"] {
            assert!(is_licence(name), "{name}");
        }
        for name in ["licenses.rs", "readme.md", "notice.c", "src", "cargo.toml"] {
            assert!(!is_licence(name), "{name}");
        }
    }

    #[test]
    fn what_a_crate_bundles_is_looked_through() {
        let root = std::env::temp_dir().join(format!("unspool-texts-{}", std::process::id()));
        fs::create_dir_all(root.join("third_party/c")).unwrap();
        fs::create_dir_all(root.join("tests/data")).unwrap();
        fs::write(root.join("LICENSE"), "one\r\ntwo").unwrap();
        fs::write(root.join("third_party/c/COPYING"), "three").unwrap();
        fs::write(root.join("tests/data/LICENSE"), "four").unwrap();
        assert_eq!(below(&root).unwrap(), ["one\ntwo", "three"]);
        fs::remove_dir_all(&root).unwrap();
    }
}
