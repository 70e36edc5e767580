//! Conversations and personas.
//!
//! A reply is a generation: it runs, stops, resumes and is read like any other. What happened in an
//! owner's conversations is a second, small log, which the store keeps. A [`ConversationStream`]
//! is a cursor over both: over the owner's log, and over the logs of the replies that are being
//! written. So a viewer holds no queue, and nothing is stored twice.

mod change;
mod complete;
mod context;
mod cursor;
mod error;
mod follow_training;
mod followed_reply;
mod notifier;
mod personas;
mod reply;
mod snapshot;
mod stream;
mod title;
mod training;
mod turn;

pub use complete::CompleteError;
use cursor::StreamScope;
pub use cursor::{Cursor, NoCursor};
pub use error::{ChangeError, PersonaError, SendError, StreamError, TrainError};
pub use follow_training::{TrainingEvent, TrainingEventKind, TrainingStream};
pub(crate) use notifier::Notifier;
pub(crate) use reply::ReplyAssignment;
pub use stream::{ConversationStream, Incoming};
pub(crate) use training::TrainingAssignment;
