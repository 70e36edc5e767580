use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use super::entries::MAGIC;

/// The journal's files.
#[derive(Clone, Debug)]
pub(crate) struct Segments {
    folder: PathBuf,
}

/// What a segment's name begins with; its number follows.
const PREFIX: &str = "unspool.journal.";

impl Segments {
    /// Those in that folder.
    pub(crate) fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Their numbers, in order.
    pub(crate) fn numbers(&self) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
            numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The file of that number.
    pub(crate) fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{PREFIX}{number}"))
    }

    /// Removes those up to `number`.
    pub(crate) fn remove(&self, up_to: u64) -> io::Result<()> {
        let numbers = self.numbers()?;
        numbers
            .iter()
            .filter(|number| **number <= up_to)
            .try_for_each(|number| fs::remove_file(self.path(*number)))
    }

    /// Moves one out of the way that cannot be read to its end.
    pub(crate) fn keep_aside(&self, number: u64) -> io::Result<PathBuf> {
        let path = self.path(number);
        let name = |time| self.folder.join(format!("{PREFIX}{number}.damaged-{time}"));
        // Numbers come again: what was kept before stays.
        let aside = (1..).map(name).find(|aside| !aside.exists()).unwrap_or_else(|| name(0));
        fs::rename(path, &aside)?;
        Ok(aside)
    }

    /// Begins the one of that number, over what an attempt that failed may have left.
    pub(super) fn create(&self, number: u64) -> io::Result<File> {
        let mut new = OpenOptions::new();
        let file = new.write(true).create(true).truncate(true).open(self.path(number))?;
        file.write_all_at(MAGIC, 0)?;
        Ok(file)
    }
}
