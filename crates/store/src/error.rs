use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why a call was not carried out. The sentences are fit for clients; what caused them is for logs:
/// [`with_causes`](Error::with_causes).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full. Nothing was written; try again once there is room.
    #[error("there is no room left on the server's disk")]
    Full,
    /// The deadline passed. A write that was already under way may still be committed.
    #[error("the database took too long to answer")]
    Busy,
    /// What is stored is not what this crate wrote.
    #[error("the database is damaged")]
    Corrupt,
    /// The batch does not follow the last event, or the generation has ended.
    #[error("the events do not follow the log's last one")]
    OutOfOrder,
    /// There is no generation of that id.
    #[error("there is no such generation")]
    UnknownGeneration,
    /// No page of the list was said to go on there.
    #[error("there is no such place in the list")]
    UnknownPlace,
    /// The log stops short: nobody writes it any more. The next start ends it.
    #[error("the generation was left without an end")]
    Abandoned,
    /// The store has been closed.
    #[error("the database has been closed")]
    Closed,
    /// Anything else that SQLite reports.
    #[error("the database failed")]
    Database(#[source] rusqlite::Error),
    /// The journal could not be written.
    #[error("the journal could not be written")]
    Journal(#[source] io::Error),
}

impl Error {
    /// Whether the same may succeed some time later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Full | Self::Busy | Self::Database(_) | Self::Journal(_))
    }

    /// As a log's field that also tells what caused it.
    #[must_use]
    pub fn with_causes(&self) -> &(dyn std::error::Error + 'static) {
        self
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => return Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => return Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => return Self::Corrupt,
            _ => {}
        }
        match error {
            E::FromSqlConversionFailure(..)
            | E::IntegralValueOutOfRange(..)
            | E::InvalidColumnType(..)
            | E::Utf8Error(..) => Self::Corrupt,
            other => Self::Database(other),
        }
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
        source: rusqlite::Error,
    },
}
