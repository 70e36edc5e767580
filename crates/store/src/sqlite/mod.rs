//! The store of one server: one folder with a journal for what runs, and one SQLite file for the
//! rest.
//!
//! A batch goes to the journal with one write that serves all generations; from then on it can be
//! read. It moves into SQLite when its generation ends, when the journal has grown long, or at the
//! next start.
//!
//! Invariants:
//! - What a call answered `Ok` to has been handed to the operating system: killing the process
//!   loses none of it. A power cut may lose the last moments, but never leaves a broken file.
//! - One [`SqliteStore`] a folder: a second one is refused, in this process or another.
//! - A file that this crate did not make, does not understand or finds broken is left as it is.
//! - Nothing is dropped without a word: what may hold something that the database lacks is kept
//!   aside, and the log says so.

mod addition;
mod appender;
mod archive;
mod archive_store;
mod aside;
mod checkpointer;
mod commits;
mod conversations;
mod error;
mod folder;
#[cfg(test)]
mod full_disk;
mod job;
mod journal;
mod journal_drain;
mod log_writer;
mod mark;
mod number;
mod opening;
mod private;
mod prune;
mod read;
mod readers;
mod recovery;
mod running;
mod running_log;
mod schema;
mod search;
mod session;
mod share;
mod state;
mod store;
mod wal;
mod wal_index;
mod write;
mod writer;

pub use error::OpenError;
pub use store::SqliteStore;
