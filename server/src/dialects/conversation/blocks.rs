use std::collections::HashMap;

use engine::Cursor;
use markdown::Stream;
use protocol::conversation::{Blocks, Event};

use super::ConversationDialect;
use crate::dialects::Message;

/// The events with operations on rendered Markdown in place of chunks.
#[derive(Default)]
pub(crate) struct Rendered {
    /// The replies that are being written.
    streams: HashMap<String, Stream>,
}

impl ConversationDialect for Rendered {
    fn encode(&mut self, cursor: &Cursor, event: Event, out: &mut Vec<u8>) {
        match event {
            Event::Chunk(chunk) => {
                let stream = self.streams.entry(chunk.message_id.clone()).or_default();
                let edits = stream.push(&chunk.content);
                let (conversation_id, message_id) = (chunk.conversation_id, chunk.message_id);
                let blocks = Event::Blocks(Blocks { conversation_id, message_id, edits });
                out.extend(message(&blocks).id(cursor).json(&blocks).end());
            }
            Event::Started(ref started) => {
                self.streams.insert(started.message_id.clone(), Stream::new());
                out.extend(message(&event).id(cursor).json(&event).end());
            }
            Event::Completed(ref ended) => self.finish(&ended.message_id, cursor, &event, out),
            Event::Stopped(ref ended) => self.finish(&ended.message_id, cursor, &event, out),
            Event::Failed(ref ended) => self.finish(&ended.message_id, cursor, &event, out),
            _ => out.extend(message(&event).id(cursor).json(&event).end()),
        }
    }

    fn note_prior(&mut self, message_id: String, text: String) {
        let mut stream = Stream::new();
        stream.push(&text);
        self.streams.insert(message_id, stream);
    }
}

impl Rendered {
    /// Appends a reply's last operations, and the event that ends it. Only that one bears an id: a
    /// client that comes back between the two gets both.
    fn finish(&mut self, message_id: &str, cursor: &Cursor, event: &Event, out: &mut Vec<u8>) {
        let stream = self.streams.remove(message_id);
        let edits = stream.map(Stream::finish).unwrap_or_default();
        if let Some(id) = event.conversation_id().filter(|_| !edits.is_empty()) {
            let (conversation_id, message_id) = (id.to_owned(), message_id.to_owned());
            let blocks = Event::Blocks(Blocks { conversation_id, message_id, edits });
            out.extend(message(&blocks).json(&blocks).end());
        }
        out.extend(message(event).id(cursor).json(event).end());
    }
}

fn message(event: &Event) -> Message {
    Message::new().event(event.name())
}
