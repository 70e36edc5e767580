use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::aside::Reason;
use super::error::{OpenError, SqlError};
use super::folder::Folder;
use super::journal::{Entries, Entry};
use super::journal_drain::sync;
use super::write::Follows;
use super::{state, write};
use crate::{Batch, Error};

/// Moves what a killed process left in the journal into the database. Nothing is thrown away that
/// clients may have seen: what the database does not know, or has no place for, is kept aside. So
/// is all of it when the database `is_behind`: it belongs to a newer copy then.
pub(crate) fn recover(
    connection: &mut Connection,
    folder: &Folder,
    is_behind: bool,
) -> Result<(), OpenError> {
    let lost = |source| OpenError::File { path: folder.path().to_owned(), source };
    let numbers = folder.segments().numbers().map_err(lost)?;
    let Some(last) = numbers.last() else { return Ok(()) };
    let mut left = Left::default();
    for number in &numbers {
        left.read(*number, &folder.segments().path(*number))?;
    }
    let refused = left.move_into(connection).map_err(|error| explain(error, folder.database()))?;
    sync(folder).map_err(lost)?;
    let unknown = if is_behind { left.logs.len() } else { refused };
    for number in numbers.iter().copied() {
        // What comes after damage may not follow what could be read, whole as it is.
        let is_doubtful = left.damaged.is_some_and(|damaged| damaged <= number);
        let reason = match (unknown > 0, is_doubtful) {
            (true, _) => Reason::Unknown,
            (_, true) => Reason::Damaged,
            _ => continue,
        };
        keep_aside(folder, number, reason, unknown)?;
    }
    folder.segments().remove(*last).map_err(lost)
}

fn keep_aside(
    folder: &Folder,
    number: u64,
    reason: Reason,
    unknown: usize,
) -> Result<(), OpenError> {
    let path = folder.segments().path(number);
    let kept = folder.segments().keep_aside(number, reason);
    let kept = kept.map_err(|source| OpenError::File { path: path.clone(), source })?;
    let (file, kept) = (path.display(), kept.display());
    match reason {
        Reason::Damaged => tracing::error!(
            %file, %kept,
            "the journal cannot be read to its end, or is none; it is kept aside"
        ),
        Reason::Unknown => tracing::error!(
            %file, %kept, generations = unknown,
            "the journal holds generations that the database does not know, or more of them than \
             it has a place for, as when an older copy was put back; it is kept aside"
        ),
    }
    Ok(())
}

fn explain(error: SqlError, database: &Path) -> OpenError {
    let path = database.to_owned();
    match Error::from(error) {
        Error::Busy => OpenError::InUse { path },
        Error::Full => OpenError::Full { path },
        Error::Database(source) => OpenError::Database { path, source },
        _ => OpenError::Corrupt { path },
    }
}

/// What the segments hold.
#[derive(Default)]
struct Left {
    logs: HashMap<String, Vec<Batch>>,
    deleted: HashSet<String>,
    /// The first segment of which something is missing.
    damaged: Option<u64>,
}

impl Left {
    fn read(&mut self, number: u64, path: &Path) -> Result<(), OpenError> {
        let segment =
            fs::read(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?;
        let mut entries = Entries::new(&segment);
        for entry in entries.by_ref() {
            match entry {
                Entry::Batch(id, batch) => {
                    let log = self.logs.entry(id.to_owned()).or_default();
                    // A writer that was shut out may have had a batch under way, which is not in
                    // the log: whoever took over went on where that begins.
                    log.truncate(log.partition_point(|earlier| earlier.first < batch.first));
                    log.push(batch);
                }
                Entry::Deletion(id) => {
                    self.deleted.insert(id.to_owned());
                }
            }
        }
        if entries.is_damaged() {
            self.damaged.get_or_insert(number);
        }
        Ok(())
    }

    /// Counts the generations of which the database has no place for all, for no known reason.
    fn move_into(&self, connection: &mut Connection) -> Result<usize, SqlError> {
        let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut unknown = 0;
        for (id, batches) in &self.logs {
            let is_lost = match write::catch_up(&all, id, batches)? {
                Follows::All => false,
                // Whether it was asked for is all that the journal says: who puts an older copy
                // back may want just what was deleted.
                Follows::Unknown => !self.deleted.contains(id),
                // What is damaged leaves gaps.
                Follows::Partly => self.damaged.is_none(),
            };
            unknown += usize::from(is_lost);
        }
        state::count_transaction(&all)?;
        all.commit()?;
        Ok(unknown)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::sqlite::journal::{Journal, Segments};

    #[tokio::test]
    async fn what_a_writer_had_under_way_when_it_was_shut_out_is_not_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let segments = Segments::of(folder.path().to_owned());
        let mut journal = Journal::begin(&segments).unwrap();
        let batch = |first, last, by: &'static str| Batch {
            first,
            last,
            frames: Bytes::from_static(by.as_bytes()),
        };
        let earlier = [batch(2, 4, "earlier"), batch(5, 9, "earlier")];
        let later = [batch(5, 6, "later"), batch(7, 7, "later"), batch(8, 12, "later")];
        for batch in earlier.iter().chain(&later) {
            journal.add_batch("g", batch);
            journal.add_batch("other", batch);
        }
        journal.write().await.unwrap();
        let mut left = Left::default();
        left.read(1, &segments.path(1)).unwrap();
        let log = [&earlier[..1], &later].concat();
        assert_eq!((&left.logs["g"], &left.logs["other"]), (&log, &log));
    }
}
