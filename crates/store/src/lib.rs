//! The log of every generation and what is known of it: a journal for what runs, one SQLite file
//! for the rest.
//!
//! The log's unit is a [`Batch`]: the wire bytes of neighbouring events, as they go to a viewer.
//! Replay copies bytes. A batch is handed in to a [`Log`] and goes to the journal with one write
//! that serves all generations; then every [`Reader`] sees it. It moves into SQLite when its
//! generation ends, when the journal has grown long, or at the next start.
//!
//! Invariants:
//! - What a call answered `Ok` to has been handed to the operating system: killing the process
//!   loses none of it. A power cut may lose the last moments, but never leaves a broken file.
//! - The ids in a log are 1, 2, 3 … without holes; nothing follows the batch that ended it.
//! - One [`Store`] a folder: a second one is refused, in this process or another.
//! - A file that this crate did not make, does not understand or finds broken is left as it is.
//! - Nothing is dropped without a word: what may hold something that the database lacks is kept
//!   aside, and the log says so.
//!
//! What is deliberately absent: the time of day, making ids, events' meaning, HTTP. The engine brings those.

mod appender;
mod aside;
mod batch;
mod checkpointer;
mod clock;
mod commits;
mod conversations;
mod error;
mod folder;
#[cfg(test)]
mod full_disk;
mod job;
mod journal;
mod journal_drain;
mod log;
mod mark;
mod number;
mod opening;
mod private;
mod prune;
mod read;
mod reader;
mod readers;
mod record;
mod recovery;
mod running;
mod saved;
mod schema;
mod state;
mod store;
mod tail;
mod wal;
mod wal_index;
mod write;
mod writer;

pub use batch::Batch;
pub use conversations::{
    Branch, Change, Changed, Changing, ConversationPage, Creation, Entries, Entry, EntryBounds,
    EntryKind, MessageRecord, PersonaChange, ReplyEntry, StoredTurn, StoredUserMessage,
    TitleOrigin, TrainingOutcome, TrainingRecord, TrainingState, TurnOutcome, TurnPlace,
    TurnRecord,
};
pub use error::{Error, OpenError};
pub use log::{Head, Log, ReadOutcome};
pub use prune::Pruned;
pub use reader::Reader;
pub use record::{Created, Idempotency, Record, Retention};
pub use saved::LISTED_TITLE_CHARS;
pub use store::Store;
pub use tail::KEPT_BYTES;
