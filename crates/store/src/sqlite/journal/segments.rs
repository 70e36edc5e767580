use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use super::entries::MAGIC;
use crate::sqlite::aside::{self, Reason};
use crate::sqlite::error::OpenError;
use crate::sqlite::private;

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
        let numbers = self.suffixes()?.iter().filter_map(|suffix| number(suffix)).collect();
        let mut numbers: Vec<_> = numbers;
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Looks for what bears the journal's name and is no part of it. It is left where it is: the
    /// start is refused when a segment could not be there, too.
    pub(crate) fn look_for_strays(&self) -> Result<(), OpenError> {
        let lost = |source| OpenError::File { path: self.folder.clone(), source };
        for suffix in self.suffixes().map_err(lost)? {
            let path = self.folder.join(format!("{PREFIX}{suffix}"));
            if number(&suffix).is_some() {
                // What cannot be looked at, as a link that leads nowhere, is no file either.
                if !fs::metadata(&path).is_ok_and(|found| found.is_file()) {
                    return Err(OpenError::NoSegment { path });
                }
            } else if !aside::is_name_after(&suffix, |start| number(start).is_some()) {
                tracing::warn!(
                    file = %path.display(),
                    "this is no part of the journal, though it bears its name; it is left as it is"
                );
            }
        }
        Ok(())
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

    /// Moves one out of the way, and says where it is now.
    pub(crate) fn keep_aside(&self, number: u64, reason: Reason) -> io::Result<PathBuf> {
        aside::keep(&self.path(number), reason)
    }

    /// Begins the one of that number, over what an attempt that failed may have left.
    pub(super) fn create(&self, number: u64) -> io::Result<File> {
        let mut new = private::options();
        let file = new.write(true).create(true).truncate(true).open(self.path(number))?;
        file.write_all_at(MAGIC, 0)?;
        Ok(file)
    }

    /// What follows the prefix in the names of all that bear it.
    fn suffixes(&self) -> io::Result<Vec<String>> {
        let names = fs::read_dir(&self.folder)?.map(|entry| Ok(entry?.file_name()));
        let suffix = |name: io::Result<std::ffi::OsString>| {
            name.map(|name| Some(name.to_string_lossy().strip_prefix(PREFIX)?.to_owned()))
                .transpose()
        };
        names.filter_map(suffix).collect()
    }
}

/// A segment's number, as it is written in its name.
fn number(suffix: &str) -> Option<u64> {
    suffix.parse().ok().filter(|number: &u64| number.to_string() == suffix)
}
