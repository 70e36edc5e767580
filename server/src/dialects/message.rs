use std::fmt::Display;

use serde::Serialize;

/// One event in the event-stream format of the HTML standard.
#[derive(Default)]
pub(crate) struct Message {
    bytes: Vec<u8>,
}

impl Message {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The id that a client sends when it reconnects. It must not contain a line end.
    pub(crate) fn id(mut self, id: impl Display) -> Self {
        self.bytes.extend_from_slice(format!("id: {id}\n").as_bytes());
        self
    }

    /// The event's name, when it has one.
    pub(crate) fn event(mut self, name: &str) -> Self {
        self.bytes.extend_from_slice(format!("event: {name}\n").as_bytes());
        self
    }

    /// Text as data, with one `data:` field for each line.
    pub(crate) fn text(mut self, text: &str) -> Self {
        // A lone carriage return ends a line, too, and would end the event's data early.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for line in text.split('\n') {
            self.bytes.extend_from_slice(format!("data: {line}\n").as_bytes());
        }
        self
    }

    /// A value as data: one line of JSON.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Self {
        self.bytes.extend_from_slice(b"data: ");
        // Writing plain data to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.bytes, value);
        self.bytes.push(b'\n');
        self
    }

    /// The event, complete.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.bytes.push(b'\n');
        self.bytes
    }
}
