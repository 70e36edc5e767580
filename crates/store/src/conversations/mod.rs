//! Conversations, personas and what happened in them.
//!
//! A reply and a training are generations: their text, status and log are stored there and nowhere
//! else, and are joined when they are read. What happened in an owner's conversations is a log of
//! small entries with numbers of their own, which are never given twice.

mod change;
mod entries;
mod entry;
mod list;
mod persona;
mod read;
mod record;
mod store;
mod training;
mod turn;

pub use change::Changing;
pub use entry::{Changed, Entries, Entry, EntryBounds, EntryKind, ReplyEntry, StoredUserMessage};
pub use persona::PersonaChange;
pub use record::{
    Branch, Change, ConversationPage, Creation, MessageRecord, StoredTurn, TitleOrigin,
    TurnOutcome, TurnPlace, TurnRecord,
};
pub use training::{TrainingOutcome, TrainingRecord, TrainingState};
