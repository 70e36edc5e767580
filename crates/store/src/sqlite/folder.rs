use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::error::OpenError;
use super::journal::Segments;
use super::private;
use super::schema::{APPLICATION_ID, VERSION};

/// The database's name in its folder.
const DATABASE: &str = "unspool.db";

/// The lock's name in its folder.
const LOCK: &str = "unspool.lock";

/// The mark's name in its folder.
const MARK: &str = "unspool.mark";

/// What the names of our files begin with.
const PREFIX: &str = "unspool.";

/// First bytes of a database (SQLite, "Database File Format", 1.3).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A folder that is ours alone for as long as this lives.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    database: PathBuf,
    segments: Segments,
    locked: Vec<File>,
}

impl Folder {
    /// Makes the folder when it is missing, and locks it: a file in it and, as that can be removed
    /// and made anew, the folder itself.
    pub(crate) fn lock(path: &Path) -> Result<Self, OpenError> {
        let refused = |source| OpenError::Folder { path: path.to_owned(), source };
        // What people read is nobody else's business.
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(refused)?;
        let name = path.join(LOCK);
        let lost = |source| OpenError::File { path: name.clone(), source };
        let itself = File::open(path).map_err(refused)?;
        let mut new = private::options();
        let file = new.create(true).truncate(false).write(true).open(&name).map_err(lost)?;
        for (locked, is_needed) in [(&file, true), (&itself, false)] {
            match locked.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(OpenError::InUse { path: path.to_owned() });
                }
                Err(TryLockError::Error(source)) if is_needed => return Err(lost(source)),
                // Some network file systems cannot lock folders.
                Err(TryLockError::Error(error)) => {
                    tracing::debug!(%error, "the folder is locked by a file alone");
                }
            }
        }
        // SQLite's own files are beside what a link leads to.
        let database = path.join(DATABASE);
        let database = database.canonicalize().unwrap_or(database);
        let segments = Segments::of(path.to_owned());
        Ok(Self { path: path.to_owned(), database, segments, locked: vec![itself, file] })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> &Path {
        &self.database
    }

    /// Where SQLite keeps what was committed and is not yet in the database.
    pub(crate) fn write_ahead_log(&self) -> PathBuf {
        self.beside_database("-wal")
    }

    /// Where SQLite keeps what it knows of that.
    pub(crate) fn write_ahead_index(&self) -> PathBuf {
        self.beside_database("-shm")
    }

    fn beside_database(&self, suffix: &str) -> PathBuf {
        let mut name = self.database.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    }

    /// Where it is marked how far the database has come.
    pub(crate) fn mark(&self) -> PathBuf {
        self.path.join(MARK)
    }

    /// Where the journal is.
    pub(crate) fn segments(&self) -> &Segments {
        &self.segments
    }

    /// Looks at the database's header without SQLite, which would already write beside a file
    /// that is not ours.
    pub(crate) fn inspect(&self) -> Result<(), OpenError> {
        let path = || self.database.clone();
        let header = match read_header(&self.database) {
            Ok(header) if header.is_empty() => return Ok(()),
            Ok(header) => header,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(OpenError::File { path: path(), source }),
        };
        let (Some(found), Some(application)) = (number(&header, 60), number(&header, 68)) else {
            return Err(OpenError::Foreign { path: path() });
        };
        if !header.starts_with(MAGIC) || application != APPLICATION_ID {
            return Err(OpenError::Foreign { path: path() });
        }
        if found > VERSION {
            return Err(OpenError::Newer { path: path(), found, known: VERSION });
        }
        Ok(())
    }

    /// Makes the database's file, should there be none, and sees to it that nobody else reads
    /// ours: SQLite gives the files that it makes the mode of that one.
    pub(crate) fn make_private(&self) -> Result<(), OpenError> {
        let database = &self.database;
        private::create(database)
            .map_err(|source| OpenError::File { path: database.clone(), source })?;
        let lost = |source| OpenError::File { path: self.path.clone(), source };
        let mut files = vec![database.clone(), self.write_ahead_log(), self.write_ahead_index()];
        for entry in fs::read_dir(&self.path).map_err(lost)? {
            let entry = entry.map_err(lost)?;
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                files.push(entry.path());
            }
        }
        let mut has_failed = false;
        for file in files {
            if let Err(error) = private::tighten(&file)
                && error.kind() != io::ErrorKind::NotFound
                && !has_failed
            {
                // As on a file system that knows no modes: the others will not do better.
                has_failed = true;
                tracing::warn!(
                    file = %file.display(), %error,
                    "the file may be open to others: its mode could not be changed"
                );
            }
        }
        Ok(())
    }
}

impl Drop for Folder {
    /// Closing the files would not do: a child process that is just being made has them open, too.
    fn drop(&mut self) {
        for locked in &self.locked {
            let _ = locked.unlock();
        }
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
        let folder = Folder::lock(directory.path()).unwrap();
        let childs: Vec<_> = folder.locked.iter().map(|it| it.try_clone().unwrap()).collect();
        assert!(matches!(Folder::lock(directory.path()), Err(OpenError::InUse { .. })));
        drop(folder);
        assert!(Folder::lock(directory.path()).is_ok());
        drop(childs);
    }
}
