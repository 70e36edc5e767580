use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::{Error, Source};

/// Why a piece of work on the database failed, before it is told to anyone: what SQLite said stays
/// in this module.
#[derive(Debug)]
pub(crate) enum SqlError {
    Sqlite(rusqlite::Error),
    Store(Error),
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Error> for SqlError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<SqlError> for Error {
    fn from(error: SqlError) -> Self {
        match error {
            SqlError::Sqlite(error) => explain(error),
            SqlError::Store(error) => error,
        }
    }
}

fn explain(error: rusqlite::Error) -> Error {
    use rusqlite::Error as E;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => return Error::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => return Error::Busy,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => return Error::Corrupt,
        _ => {}
    }
    match error {
        E::FromSqlConversionFailure(..)
        | E::IntegralValueOutOfRange(..)
        | E::InvalidColumnType(..)
        | E::Utf8Error(..) => Error::Corrupt,
        other => Error::Database(other.into()),
    }
}

/// Why a folder could not be opened, in one sentence for whoever starts the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made, or is none.
    #[error("cannot use {} as the data folder: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file in the folder cannot be read or written.
    #[error("cannot read and write {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The database may be read but not written.
    #[error("cannot write to {}: it is read-only", path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// Something is where only a part of the journal may be.
    #[error("{} has a name of the journal's and is no file; move it away", path.display())]
    NoSegment {
        /// What is there.
        path: PathBuf,
    },
    /// Another store has the folder.
    #[error("{} is already in use by another server", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The file is no database, or one of another program.
    #[error("{} is not an Unspool database; it was left as it is", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("{} is damaged and was left as it is; restore a copy or move it away", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
    },
    /// A newer Unspool has written the file.
    #[error(
        "{} was written by a newer Unspool (schema {found}, this one knows {known}); it was left \
         as it is",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's schema version.
        found: i32,
        /// The newest schema version known here.
        known: i32,
    },
    /// The disk is full.
    #[error("there is no room left to open {}", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Anything else that SQLite reports.
    #[error("cannot open {}: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: Source,
    },
}
