use std::collections::HashMap;

use engine::Cursor;
use protocol::conversation::{Chunk, Event};
use serde::Serialize;

use super::ConversationDialect;
use crate::dialects::Message;

/// The events with the whole text so far in each chunk.
#[derive(Default)]
pub(crate) struct Accumulated {
    /// The texts of the replies that are being written.
    texts: HashMap<String, String>,
}

#[derive(Serialize)]
struct AccumulatedChunk<'a> {
    #[serde(flatten)]
    chunk: &'a Chunk,
    accumulated_content: &'a str,
}

impl ConversationDialect for Accumulated {
    fn encode(&mut self, cursor: &Cursor, event: Event, out: &mut Vec<u8>) {
        let message = Message::new().id(cursor).event(event.name());
        let message = match &event {
            Event::Chunk(chunk) => {
                let text = self.texts.entry(chunk.message_id.clone()).or_default();
                text.push_str(&chunk.content);
                message.json(&AccumulatedChunk { chunk, accumulated_content: text })
            }
            _ => {
                self.forget(&event);
                message.json(&event)
            }
        };
        out.extend(message.end());
    }

    fn note_prior(&mut self, message_id: String, text: String) {
        self.texts.insert(message_id, text);
    }
}

impl Accumulated {
    /// Drops the text of a reply that begins anew or has ended.
    fn forget(&mut self, event: &Event) {
        let message_id = match event {
            Event::Started(event) => &event.message_id,
            Event::Completed(event) => &event.message_id,
            Event::Stopped(event) => &event.message_id,
            Event::Failed(event) => &event.message_id,
            _ => return,
        };
        self.texts.remove(message_id);
    }
}
