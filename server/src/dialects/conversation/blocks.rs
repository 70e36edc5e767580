use std::collections::HashMap;

use engine::Cursor;
use markdown::Stream;
use protocol::{
    conversation::{Blocks, Event},
    markdown::Edit,
};

use super::ConversationDialect;
use crate::{dialects::Message, markdown_blocks::render};

/// The events with operations on rendered Markdown in place of chunks. The last operations on a
/// reply come with the event that ends it: between two events, a client could not say whether it
/// has seen them.
#[derive(Default)]
pub(crate) struct Rendering {
    /// The texts of the replies that are being written, as far as the client has them.
    texts: HashMap<String, Stream>,
}

impl ConversationDialect for Rendering {
    fn encode(&mut self, cursor: &Cursor, event: Event, out: &mut Vec<u8>) {
        let event = self.rendered(event);
        out.extend(Message::new().id(cursor).event(event.name()).json(&event).end());
    }

    fn note_prior(&mut self, message_id: String, text: String) {
        let mut stream = Stream::new();
        stream.push(&text);
        self.texts.insert(message_id, stream);
    }
}

impl Rendering {
    fn rendered(&mut self, mut event: Event) -> Event {
        match &mut event {
            Event::Started(started) => {
                self.texts.remove(&started.message_id);
            }
            Event::Completed(end) => end.edits = self.finish(&end.message_id),
            Event::Stopped(end) => end.edits = self.finish(&end.message_id),
            Event::Failed(end) => end.edits = self.finish(&end.message_id),
            Event::Snapshot(conversation) => render(conversation),
            Event::Chunk(chunk) => {
                let text = self.texts.entry(chunk.message_id.clone()).or_default();
                return Event::Blocks(Blocks {
                    edits: text.push(&chunk.content),
                    conversation_id: std::mem::take(&mut chunk.conversation_id),
                    message_id: std::mem::take(&mut chunk.message_id),
                });
            }
            _ => {}
        }
        event
    }

    fn finish(&mut self, message_id: &str) -> Vec<Edit> {
        self.texts.remove(message_id).map(Stream::finish).unwrap_or_default()
    }
}
