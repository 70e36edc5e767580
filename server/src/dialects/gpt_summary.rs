use bytes::Bytes;
use engine::Batch;
use protocol::{Event, Frames};

use super::{Cursor, Dialect, Message};

/// About how many characters one message holds.
const CHUNK_CHARS: usize = 100;

/// The voice of the fourth document's service: the summary as plain text, in unnamed messages of
/// about a hundred characters. What goes wrong is a message named `error`.
pub(crate) struct GptSummary {
    generation: String,
    waiting: String,
}

impl GptSummary {
    /// Tells of the generation of that id.
    pub(crate) fn new(generation: String) -> Self {
        Self { generation, waiting: String::new() }
    }

    fn flush(&mut self, event: u64, out: &mut Vec<u8>) {
        if !self.waiting.is_empty() {
            let cursor = Cursor { generation: self.generation.clone(), event };
            out.extend(Message::new().id(cursor).text(&self.waiting).end());
            self.waiting.clear();
        }
    }

    fn fail(&mut self, event: u64, message: &str, out: &mut Vec<u8>) {
        self.flush(event, out);
        let cursor = Cursor { generation: self.generation.clone(), event };
        out.extend(Message::new().id(cursor).event("error").text(message).end());
    }
}

impl Dialect for GptSummary {
    fn encode(&mut self, batch: Batch) -> Bytes {
        let mut out = Vec::new();
        for frame in Frames::new(&batch.frames) {
            match frame.event() {
                Ok(Event::FieldDelta(delta)) if delta.path == "/summary" => {
                    self.waiting.push_str(&delta.text);
                    if self.waiting.chars().count() >= CHUNK_CHARS {
                        self.flush(frame.id, &mut out);
                    }
                }
                Ok(Event::Completed(_)) => self.flush(frame.id, &mut out),
                Ok(Event::Stopped {}) => {
                    self.fail(frame.id, "The generation was stopped.", &mut out);
                }
                Ok(Event::Failed(failure)) => self.fail(frame.id, &failure.message, &mut out),
                _ => {}
            }
        }
        out.into()
    }
}
