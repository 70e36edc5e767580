//! The formats of conversation streams.

mod accumulated;
mod blocks;
mod native;
mod source;
mod training;

use engine::Cursor;
use protocol::conversation::Event;

pub(crate) use accumulated::Accumulated;
pub(crate) use blocks::Rendering;
pub(crate) use native::Native;
pub(crate) use source::Conversations;
pub(crate) use training::{TrainingCursor, Trainings};

/// Encodes the events of one connection, in order, for one kind of client.
pub(crate) trait ConversationDialect: Send + Unpin + 'static {
    /// Appends an event, behind which the client stands at `cursor`.
    fn encode(&mut self, cursor: &Cursor, event: Event, out: &mut Vec<u8>);

    /// Notes the text that the client has of a reply.
    fn note_prior(&mut self, message_id: String, text: String);
}
