use bytes::Bytes;
use engine::Batch;
use protocol::{Event, Frames};

use super::{Cursor, Dialect, Message};

/// How many characters a message holds, except the last one and those that end before a CRLF.
const MESSAGE_CHARS: usize = 100;

/// The format of `/gpt/summary`: the summary as plain text, in unnamed messages of about a hundred
/// characters. A failure is a message named `error`.
///
/// A message can end in the middle of an event, so its id counts characters instead of events. Only
/// the last message's id names an event, the terminal one: a client that resumes there gets 204.
pub(crate) struct GptSummary {
    generation: String,
    /// Characters that the client received before it resumed and that are still to be skipped.
    skip: usize,
    /// Characters that the client has received so far.
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

    /// Sends all whole messages in what waits. The last characters always wait, so that the final
    /// message can bear the terminal event's id.
    fn take(&mut self, text: &str, out: &mut Vec<u8>) {
        let mut unseen = text.chars();
        while self.skip > 0 && unseen.next().is_some() {
            self.skip -= 1;
        }
        self.waiting.push_str(unseen.as_str());
        while let Some((end, next)) = self.waiting.char_indices().nth(MESSAGE_CHARS) {
            // In two messages, CR and LF would become two line ends.
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
            // `EventSource` remembers the id of an event without data, but dispatches no message for it.
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
                // With this id, a client that reconnects before the first message resumes this generation
                // and does not start another one.
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
