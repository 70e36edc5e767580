use anyhow::{Context, Result, bail};
use std::{fs, path::Path};

/// Imports that are nested deeper than this are taken for a cycle.
const MOST_NESTED: usize = 8;

/// Reads a style sheet and replaces its imports (`@import "x.css";`, relative, on a line of their own)
/// by the imported files, as cargo-leptos does with `style-bundle = true`.
pub(crate) fn bundle(file: &Path) -> Result<String> {
    let mut sheet = String::new();
    append(&mut sheet, file, MOST_NESTED)?;
    Ok(sheet)
}

fn append(sheet: &mut String, file: &Path, depth: usize) -> Result<()> {
    if depth == 0 {
        bail!("{}: style sheets import each other in a circle", file.display());
    }
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    for line in text.lines() {
        match imported(line) {
            Some(name) => append(sheet, &file.with_file_name(name), depth - 1)?,
            None if line.trim_start().starts_with("@import") => {
                bail!("{}: write `{}` as `@import \"x.css\";`", file.display(), line.trim());
            }
            None => {
                sheet.push_str(line);
                sheet.push('\n');
            }
        }
    }
    Ok(())
}

fn imported(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("@import")?.trim_start();
    rest.strip_prefix('"')?.strip_suffix("\";").filter(|name| !name.contains('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_replaced_by_their_files_in_order() {
        let folder = std::env::temp_dir().join(format!("unspool-style-{}", std::process::id()));
        fs::create_dir_all(folder.join("parts")).unwrap();
        fs::write(folder.join("main.css"), "@import \"parts/a.css\";\nmain {}\n").unwrap();
        fs::write(folder.join("parts/a.css"), "@import \"b.css\";\na {}").unwrap();
        fs::write(folder.join("parts/b.css"), "b {}").unwrap();

        assert_eq!(bundle(&folder.join("main.css")).unwrap(), "b {}\na {}\nmain {}\n");

        fs::write(folder.join("parts/b.css"), "@import \"a.css\";").unwrap();
        assert!(bundle(&folder.join("main.css")).unwrap_err().to_string().contains("circle"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
