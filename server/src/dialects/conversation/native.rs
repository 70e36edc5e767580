use engine::Cursor;
use protocol::conversation::Event;

use super::ConversationDialect;
use crate::dialects::Message;

/// The events as they are.
pub(crate) struct Native;

impl ConversationDialect for Native {
    fn encode(&mut self, cursor: &Cursor, event: Event, out: &mut Vec<u8>) {
        out.extend(Message::new().id(cursor).event(event.name()).json(&event).end());
    }

    fn note_prior(&mut self, _: String, _: String) {}
}
