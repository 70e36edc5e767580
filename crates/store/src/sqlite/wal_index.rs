use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::wal::WriteAheadLog;

/// Length of what is read (SQLite, "WAL-mode File Format", 2.1): two copies of a header, and how
/// far the write-ahead log was copied into the database.
const LENGTH: u64 = 132;

/// Length of one copy.
const COPY: usize = 48;

/// How far the database's own file has taken over what its write-ahead log holds, from the index
/// that SQLite keeps beside them. A killed process leaves that as it was; SQLite makes it anew.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Backfill {
    /// There is no index, or it is another log's.
    Unknown,
    /// All of it; the next frame begins a new log.
    Whole,
    /// Up to one frame for certain, and perhaps up to another.
    UpTo { done: u32, attempted: u32 },
}

/// What may be done with a write-ahead log beside its database.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The database and what is whole of the log go together.
    Together,
    /// The database has more than what is whole of the log: it is better off without.
    DatabaseAlone,
    /// The database has parts of what is not whole any more.
    Torn,
}

impl Backfill {
    /// Reads the index. SQLite must not have opened it in this process: closing a file gives up
    /// all locks that the process has on it.
    pub(crate) fn read(path: &Path, log: &WriteAheadLog) -> io::Result<Self> {
        let mut index = Vec::new();
        match File::open(path) {
            Ok(file) => file.take(LENGTH).read_to_end(&mut index)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::Unknown),
            Err(error) => return Err(error),
        };
        Ok(Self::parse(&index, log).unwrap_or(Self::Unknown))
    }

    fn parse(index: &[u8], log: &WriteAheadLog) -> Option<Self> {
        let (header, rest) = index.split_at_checked(COPY)?;
        if !rest.starts_with(header) {
            return None;
        }
        let number = |at: usize| -> Option<u32> {
            Some(u32::from_ne_bytes(index.get(at..at + 4)?.try_into().ok()?))
        };
        let salt = |salts: &[u8]| Some(u32::from_be_bytes(salts.first_chunk().copied()?));
        let salts = &header[32..40];
        if *salts == log.salts {
            return Some(Self::UpTo { done: number(96)?, attempted: number(128)? });
        }
        (salt(salts)? == salt(&log.salts)?.wrapping_add(1)).then_some(Self::Whole)
    }

    /// What SQLite takes of the log covers the pages in the database's file: none may be newer.
    pub(crate) fn fit(&self, log: &WriteAheadLog) -> Fit {
        match *self {
            Self::Whole if log.is_broken => Fit::DatabaseAlone,
            Self::UpTo { attempted, done } if log.committed < attempted => {
                if done == attempted {
                    Fit::DatabaseAlone
                } else {
                    Fit::Torn
                }
            }
            _ => Fit::Together,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(salts: [u8; 8], done: u32, attempted: u32) -> Vec<u8> {
        let mut header = [7; COPY];
        header[32..40].copy_from_slice(&salts);
        let mut index = [header, header].concat();
        index.extend_from_slice(&done.to_ne_bytes());
        index.extend_from_slice(&[0; 28]);
        index.extend_from_slice(&attempted.to_ne_bytes());
        index
    }

    fn fit(index: &[u8], committed: u32, is_broken: bool) -> Fit {
        let log = WriteAheadLog { committed, is_broken, salts: [0, 0, 0, 255, 1, 2, 3, 4] };
        Backfill::parse(index, &log).unwrap_or(Backfill::Unknown).fit(&log)
    }

    #[test]
    fn a_log_goes_with_a_database_that_has_no_more_of_it_than_is_whole() {
        const SALTS: [u8; 8] = [0, 0, 0, 255, 1, 2, 3, 4];
        for (done, attempted, committed, expected) in [
            (0, 0, 0, Fit::Together),
            (0, 0, 9, Fit::Together),
            (5, 9, 9, Fit::Together),
            (9, 9, 9, Fit::Together),
            (9, 9, 8, Fit::DatabaseAlone),
            (5, 9, 8, Fit::Torn),
        ] {
            assert_eq!(fit(&index(SALTS, done, attempted), committed, true), expected);
        }
    }

    #[test]
    fn a_log_that_was_to_begin_anew_is_in_the_database() {
        let next = index([0, 0, 1, 0, 9, 9, 9, 9], 0, 0);
        assert_eq!(fit(&next, 3, true), Fit::DatabaseAlone);
        assert_eq!(fit(&next, 3, false), Fit::Together);
    }

    #[test]
    fn another_logs_index_says_nothing() {
        let other = index([8; 8], 9, 9);
        assert_eq!(fit(&other, 3, true), Fit::Together);
        let mut torn = index([0, 0, 0, 255, 1, 2, 3, 4], 9, 9);
        torn[0] ^= 1;
        assert_eq!(fit(&torn, 3, true), Fit::Together);
        assert_eq!(fit(&[], 3, true), Fit::Together);
    }
}
