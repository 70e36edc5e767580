use anyhow::{Context, Result};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The page's files by their paths below the site's root, with `/` between folders.
#[derive(Default)]
pub(crate) struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    pub(crate) fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), bytes.into());
    }

    /// Adds all files of a folder under their paths in it.
    pub(crate) fn add_folder(&mut self, folder: &Path) -> Result<()> {
        self.add_folder_as(folder, "")
    }

    /// Adds all files of a folder, with `prefix` before their paths in it.
    pub(crate) fn add_folder_as(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        for file in files_below(folder)? {
            let path = format!("{prefix}{}", slashed(file.strip_prefix(folder)?));
            self.add(path, read(&file)?);
        }
        Ok(())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// Makes the folder hold these files and no others. Files that have not changed are not written, so
    /// that the server is compiled again only when its page has changed.
    pub(crate) fn write_to(&self, root: &Path) -> Result<()> {
        fs::create_dir_all(root).with_context(|| format!("cannot make {}", root.display()))?;
        for file in files_below(root)? {
            if !self.0.contains_key(&slashed(file.strip_prefix(root)?)) {
                fs::remove_file(&file)
                    .with_context(|| format!("cannot remove {}", file.display()))?;
            }
        }
        for (path, bytes) in self.iter() {
            let file = root.join(path);
            if fs::read(&file).is_ok_and(|present| present == bytes) {
                continue;
            }
            write(&file, bytes)?;
        }
        Ok(())
    }
}

pub(crate) fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Writes a file, and creates its folder if that is missing.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().context("a file needs a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, bytes))
        .with_context(|| format!("cannot write {}", file.display()))
}

fn files_below(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_holds_its_files_and_no_others_and_leaves_unchanged_ones_alone() {
        let root = std::env::temp_dir().join(format!("unspool-site-{}", std::process::id()));
        let mut files = Files::default();
        files.add("pkg/page.js", "1");
        files.add("robots.txt", "all");
        files.write_to(&root).unwrap();
        fs::write(root.join("pkg/old.js"), "0").unwrap();
        let written = fs::metadata(root.join("robots.txt")).unwrap().modified().unwrap();

        files.add("pkg/page.js", "2");
        files.write_to(&root).unwrap();

        assert_eq!(fs::read_to_string(root.join("pkg/page.js")).unwrap(), "2");
        assert!(!root.join("pkg/old.js").exists());
        assert_eq!(fs::metadata(root.join("robots.txt")).unwrap().modified().unwrap(), written);
        fs::remove_dir_all(&root).unwrap();
    }
}
