use bytes::Bytes;
use engine::Batch;
use protocol::{Event, Frames};

use super::{Cursor, Dialect, Message};

/// About how many characters one message holds.
const MESSAGE_CHARS: usize = 100;

/// The voice of `/gpt/summary`: the summary as plain text, in unnamed messages of
/// about a hundred characters. What goes wrong is a message named `error`.
///
/// A message may end anywhere in what the model wrote, so its id counts characters instead of
/// events; only the last one's names the terminal event, after which nothing follows.
pub(crate) struct GptSummary {
    generation: String,
    /// Characters that the reader has seen before.
    skip: usize,
    /// Characters that the reader has seen by now.
    seen: usize,
    waiting: String,
}

impl GptSummary {
    /// Goes on at `cursor`.
    pub(crate) fn new(cursor: Cursor) -> Self {
        let Cursor { generation, chars, .. } = cursor;
        Self { generation, skip: chars, seen: chars, waiting: String::new() }
    }

    fn at(&self, event: u64) -> Cursor {
        let chars = if event == 0 { self.seen } else { 0 };
        Cursor { generation: self.generation.clone(), event, chars }
    }

    /// Sends what is a whole message. Something always waits for the end, to bear its id.
    fn take(&mut self, text: &str, out: &mut Vec<u8>) {
        let mut unseen = text.chars();
        while self.skip > 0 && unseen.next().is_some() {
            self.skip -= 1;
        }
        self.waiting.push_str(unseen.as_str());
        while let Some((end, next)) = self.waiting.char_indices().nth(MESSAGE_CHARS) {
            // Apart they would be two line ends.
            let is_within_crlf = next == '\n' && self.waiting[..end].ends_with('\r');
            let end = if is_within_crlf { end - 1 } else { end };
            let rest = self.waiting.split_off(end);
            self.send(0, out);
            self.waiting = rest;
        }
    }

    fn send(&mut self, event: u64, out: &mut Vec<u8>) {
        self.seen += self.waiting.chars().count();
        out.extend(Message::new().id(self.at(event)).text(&self.waiting).end());
        self.waiting.clear();
    }

    fn complete(&mut self, event: u64, out: &mut Vec<u8>) {
        if self.waiting.is_empty() {
            // An id without data is no message, and yet what a client comes back with.
            out.extend(Message::new().id(self.at(event)).end());
        } else {
            self.send(event, out);
        }
    }

    fn fail(&mut self, event: u64, message: &str, out: &mut Vec<u8>) {
        if !self.waiting.is_empty() {
            self.send(0, out);
        }
        out.extend(Message::new().id(self.at(event)).event("error").text(message).end());
    }
}

impl Dialect for GptSummary {
    fn encode(&mut self, batch: Batch) -> Bytes {
        let mut out = Vec::new();
        for frame in Frames::new(&batch.frames) {
            match frame.event() {
                // Whoever comes back before the first message starts nothing twice.
                Ok(Event::Started(_)) => out.extend(Message::new().id(self.at(0)).end()),
                Ok(Event::FieldDelta(delta)) if delta.path == "/summary" => {
                    self.take(&delta.text, &mut out);
                }
                Ok(Event::Completed(_)) => self.complete(frame.id, &mut out),
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
