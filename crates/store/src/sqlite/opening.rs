use std::path::Path;
use std::{fs, io};

use rusqlite::Connection;

use super::aside::{self, Reason};
use super::error::OpenError;
use super::folder::Folder;
use super::mark::Mark;
use super::recovery::recover;
use super::wal::WriteAheadLog;
use super::wal_index::{Backfill, Fit};
use super::{schema, state};

/// Opens the folder's database to write to it, with all that a killed process left beside it.
///
/// SQLite drops what is not whole of a write-ahead log, and cannot know that a log is gone or that
/// the database is another. So the log is looked at before it is opened, the database counts its
/// transactions, and a mark beside it says how many there were: what is lacking is said, and what
/// may still hold it is kept aside before anything is written over it.
pub(crate) fn open(folder: &Folder) -> Result<(Connection, Mark), OpenError> {
    let path = folder.database();
    let marked = Mark::read(&folder.mark()).map_err(lost(&folder.mark()))?;
    let log = look_at_log(folder)?;
    let mut connection = schema::open_writer(path)?;
    let has = state::transactions(&connection).map_err(|source| schema::explain(path, source))?;
    // Where nothing is marked, a log that is not whole may be all that tells.
    let is_behind = marked.map_or(log.is_broken, |marked| has < marked);
    schema::check(&connection, path, is_behind)?;
    if is_behind {
        let reason = if log.is_broken { Reason::Damaged } else { Reason::Unknown };
        keep_log(folder, reason, marked.map(|marked| marked - has))?;
    }
    schema::prepare(&mut connection, path)?;
    recover(&mut connection, folder, is_behind)?;
    // So what SQLite notes beside a log is about all of it: it forgets that when it opens one.
    if let Err(error) = schema::empty_log(&connection) {
        tracing::warn!(%error, "the write-ahead log could not be moved into the database");
    }
    let has = state::transactions(&connection).map_err(|source| schema::explain(path, source))?;
    let mark = Mark::begin(&folder.mark(), has).map_err(lost(&folder.mark()))?;
    Ok((connection, mark))
}

/// Sees to it that what SQLite will take of the write-ahead log goes with the database.
fn look_at_log(folder: &Folder) -> Result<WriteAheadLog, OpenError> {
    let (path, index) = (folder.write_ahead_log(), folder.write_ahead_index());
    if length(folder.database()) == 0 && length(&path) > 0 {
        set_log_aside(&path, Reason::Unknown, "its database is gone; SQLite would remove it")?;
    }
    let log = WriteAheadLog::examine(&path).map_err(lost(&path))?;
    match Backfill::read(&index, &log).map_err(lost(&index))?.fit(&log) {
        Fit::Together => Ok(log),
        Fit::Torn => Err(OpenError::Corrupt { path: folder.database().to_owned() }),
        Fit::DatabaseAlone => {
            let why = "it is damaged; the database had taken over more of it than is whole, and \
                       goes on without it";
            set_log_aside(&path, Reason::Damaged, why)?;
            Ok(WriteAheadLog::default())
        }
    }
}

fn set_log_aside(path: &Path, reason: Reason, why: &str) -> Result<(), OpenError> {
    let kept = aside::keep(path, reason).map_err(lost(path))?;
    let (file, kept) = (path.display(), kept.display());
    tracing::error!(%file, %kept, why, "the write-ahead log is kept aside");
    Ok(())
}

/// In bytes; 0 for a file that is missing.
fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// Keeps a copy of the log before SQLite writes over what it did not take, and says so.
fn keep_log(folder: &Folder, reason: Reason, transactions: Option<u64>) -> Result<(), OpenError> {
    let path = folder.write_ahead_log();
    let is_there = length(&path) > 0;
    let kept = is_there.then(|| aside::keep_copy(&path, reason)).transpose();
    let kept = kept.map_err(lost(&path))?;
    let kept = kept.as_ref().map(|kept| tracing::field::display(kept.display()));
    let database = folder.database().display();
    if transactions.is_some() {
        tracing::error!(
            %database, kept, transactions,
            "the database lacks its last transactions: it is an older copy or another one, or its \
             write-ahead log is damaged or gone; what there is of that is kept aside"
        );
    } else {
        tracing::error!(
            %database, kept,
            "the database's write-ahead log is not whole, and its last transactions may be \
             lacking; a copy of it is kept aside"
        );
    }
    Ok(())
}

/// What is said of a file that cannot be used.
fn lost(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    |source| OpenError::File { path, source }
}
