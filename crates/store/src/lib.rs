//! Where generations and their logs are kept: a small trait, [`Store`], and what implements it.
//!
//! The log's unit is a [`Batch`]: the wire bytes of neighbouring events, as they go to a viewer.
//! Replay copies bytes. Each running log has one [`LogWriter`], which appends a batch where the
//! head is the event before it, and says through [`Appended`] what became of it. Whoever watches a
//! log is the engine's business.
//!
//! [`sqlite`] keeps all in one folder: a journal for what runs, one SQLite file for the rest.
//! [`memory`] keeps it for as long as the process lives. Both pass the suite in
//! `tests/store/conformance`, which is what a store has to do, as code.
//!
//! Invariants of every store:
//! - What was acknowledged outlives the process. (In memory, it lives as long as its [`Memory`].)
//! - The ids in a log are 1, 2, 3 … without holes; nothing follows the batch that ended it.
//! - A log has one writer: whoever [resumes](Store::resume) it shuts out the one before.
//!
//! What is deliberately absent: the time of day, making ids, events' meaning, subscribers, HTTP.
//! The engine brings those.
//!
//! [`Memory`]: memory::Memory

mod archive;
mod batch;
mod clock;
mod conversations;
mod error;
pub mod memory;
mod record;
mod retention;
mod saved;
mod session;
mod share;
pub mod sqlite;
mod store;

pub use archive::{
    ArchiveCheck, ArchiveEntries, ArchiveEntry, ArchivePlace, ArchiveStore, ArchivedConversation,
    ArchivedGeneration, ArchivedMessage, ArchivedPersona, Import, Imported,
};
pub use batch::{Batch, page};
pub use conversations::{
    Branch, Change, Changed, Changing, ConversationPage, ConversationStore, Creation, Entries,
    Entry, EntryBounds, EntryKind, MessageRecord, NotStored, PersonaChange, PersonaStore,
    ReplyEntry, StoredTurn, StoredUserMessage, TitleOrigin, TrainingOutcome, TrainingRecord,
    TrainingState, TurnOutcome, TurnPlace, TurnRecord,
};
pub use error::{Error, Source};
pub use record::{Created, Earlier, Head, Idempotency, LOCAL_NODE, Record, Unfinished};
pub use retention::{Pruned, Retention};
pub use saved::LISTED_TITLE_CHARS;
pub use session::{Session, SessionStore};
pub use share::{Share, ShareStore, ShareSubject};
pub use store::{Appended, LogWriter, Resumed, Store};
