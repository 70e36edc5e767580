use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::OpenError;
use crate::journal::Segments;
use crate::schema::{APPLICATION_ID, VERSION};

/// The database's name in its folder.
const DATABASE: &str = "unspool.db";

/// The lock's name in its folder. The file stays; only the lock on it counts.
const LOCK: &str = "unspool.lock";

/// First bytes of a database (SQLite, "Database File Format", 1.3).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A folder that is ours alone for as long as this lives.
#[derive(Debug)]
pub(crate) struct Folder {
    database: PathBuf,
    segments: Segments,
    lock: File,
}

/// What a folder had in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Database,
}

impl Folder {
    /// Makes the folder when it is missing, and locks it.
    pub(crate) fn claim(path: &Path) -> Result<Self, OpenError> {
        // What people read is nobody else's business.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(|source| OpenError::Folder { path: path.to_owned(), source })?;
        let name = path.join(LOCK);
        let lost = |source| OpenError::File { path: name.clone(), source };
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&name)
            .map_err(lost)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                database: path.join(DATABASE),
                segments: Segments::of(path.to_owned()),
                lock,
            }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(lost(source)),
        }
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> &Path {
        &self.database
    }

    /// Where SQLite keeps what was committed and is not yet in the database.
    pub(crate) fn write_ahead_log(&self) -> PathBuf {
        let mut name = self.database.as_os_str().to_owned();
        name.push("-wal");
        name.into()
    }

    /// Where the journal is.
    pub(crate) fn segments(&self) -> &Segments {
        &self.segments
    }

    /// Looks at the database's header without SQLite, which would already write beside a file
    /// that is not ours.
    pub(crate) fn inspect(&self) -> Result<Found, OpenError> {
        let path = || self.database.clone();
        let header = match read_header(&self.database) {
            Ok(header) => header,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(source) => {
                return Err(OpenError::File { path: path(), source });
            }
        };
        if header.is_empty() {
            return Ok(Found::Nothing);
        }
        let (Some(found), Some(application)) = (number(&header, 60), number(&header, 68)) else {
            return Err(OpenError::Foreign { path: path() });
        };
        if !header.starts_with(MAGIC) || application != APPLICATION_ID {
            return Err(OpenError::Foreign { path: path() });
        }
        if found > VERSION {
            return Err(OpenError::Newer { path: path(), found, known: VERSION });
        }
        Ok(Found::Database)
    }
}

impl Drop for Folder {
    /// Closing the file would not do: a child process that is just being made has it open, too.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

fn read_header(path: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    File::open(path)?.take(100).read_to_end(&mut header)?;
    Ok(header)
}

/// The big-endian number at `offset`: 60 is the user version, 68 the application id.
fn number(header: &[u8], offset: usize) -> Option<i32> {
    let bytes = header.get(offset..offset + 4)?;
    Some(i32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_free_again_though_a_child_still_has_the_lock_file_open() {
        let directory = tempfile::tempdir().unwrap();
        let folder = Folder::claim(directory.path()).unwrap();
        let childs = folder.lock.try_clone().unwrap();
        assert!(matches!(Folder::claim(directory.path()), Err(OpenError::InUse { .. })));
        drop(folder);
        assert!(Folder::claim(directory.path()).is_ok());
        drop(childs);
    }
}
