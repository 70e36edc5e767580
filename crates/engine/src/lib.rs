//! Starts, stops, resumes and fans out generations, and keeps the conversations and personas whose
//! replies and trainings are generations, too.
//!
//! One way through: provider deltas → `AnswerReader` → `Composer` (incremental
//! JSON to events) → `Recorder` (has the store append them to the log) → `Log` (shows them once they
//! are committed) → [`Subscription`] (one a viewer, each a cursor over the log).
//!
//! Invariants: an event is committed before any viewer can see it; a viewer owns a cursor and no
//! queue, so a slow one delays nobody; exactly one terminal event, the last.
//!
//! What is deliberately absent: HTTP, how and where logs are stored, and any queue between a
//! generation and its viewers.

mod answer_reader;
mod answer_state;
mod archive;
mod assignment;
mod coalesce;
mod composer;
mod conversations;
mod document_reader;
mod engine;
mod error;
mod event_buffer;
mod evidence;
mod failure;
mod id;
mod language;
mod learned;
mod limits;
mod log;
mod log_memory;
mod part_reader;
mod prompt;
mod queue;
mod recorder;
mod recovery;
mod retention;
mod runner;
mod running;
mod seam;
mod sharing;
mod shown;
mod start;
mod stop;
mod subscriber;
mod subscription;
mod tail;
mod writing;
mod written_fields;

pub use conversations::{
    ChangeError, CompleteError, ConversationStream, Cursor, Incoming, NoCursor, PersonaError,
    SendError, StreamError, TrainError, TrainingEvent, TrainingEventKind, TrainingStream,
};
pub use engine::{CONTEXT_TOKENS, Engine, Limits};
pub use error::{MOST_MODEL_BYTES, StartError, SubscribeError};
pub use limits::OwnerLimits;
pub use sharing::SharedView;
pub use start::{Completion, Start};
pub use store::{
    ArchiveCheck, ArchiveEntries, ArchiveEntry, ArchivePlace, ArchivedGeneration, ArchivedMessage,
    ArchivedPersona, Batch, Error as StoreError, Imported, Retention, Session, Share, ShareSubject,
    StoredTurn,
};
pub use subscription::Subscription;
