//! What is kept of conversations and personas, and of what happened in them.
//!
//! A reply and a training are generations: their text, status and log are stored there and nowhere
//! else, and are joined when they are read. What happened in an owner's conversations is a log of
//! small entries with numbers of their own, which rise and are never given twice.

mod conversation_store;
mod entry;
mod persona_store;
mod record;
mod training;

use protocol::conversation::Message;
use protocol::{Shape, Snapshot};

pub use conversation_store::ConversationStore;
pub use entry::{Changed, Entries, Entry, EntryBounds, EntryKind, ReplyEntry, StoredUserMessage};
pub use persona_store::PersonaStore;
pub use record::{
    Branch, Change, Changing, ConversationPage, Creation, MessageRecord, NotStored, StoredTurn,
    TitleOrigin, TurnOutcome, TurnPlace, TurnRecord,
};
pub use training::{PersonaChange, TrainingOutcome, TrainingRecord, TrainingState};

/// How many entries of an owner are kept at least, and how many deletions.
pub(crate) const KEPT_ENTRIES: u64 = 10_000;

/// Fills in what the generation of a reply says.
pub(crate) fn reply(message: &mut Message, snapshot: Snapshot) {
    Shape::REPLY.text_of(&snapshot).clone_into(&mut message.content);
    message.status = snapshot.status;
    message.coverage = snapshot.coverage;
    message.passages = snapshot.passages;
    message.error = snapshot.error;
    message.model = Some(snapshot.model);
}
