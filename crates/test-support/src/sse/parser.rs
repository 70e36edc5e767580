use memchr::memchr2;

use super::{Item, Message};

/// The byte order mark in UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Parses a stream that comes in pieces, which may end anywhere.
///
/// An event at the end of a stream without a blank line after it is never dispatched, so there is
/// nothing to call at the end.
#[derive(Debug, Default)]
pub struct Parser {
    /// The beginning of a line whose end has not come yet.
    line: Vec<u8>,
    /// Whether the last line ended with CR. An LF right after it belongs to the same line end.
    after_cr: bool,
    /// Whether the first line was read, where alone a byte order mark is skipped.
    begun: bool,
    id_buffer: String,
    last_event_id: String,
    event: String,
    data: String,
    retry: Option<u64>,
    reconnection_ms: Option<u64>,
}

impl Parser {
    /// The id to reconnect with.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// The reconnection time in milliseconds, when the stream has set one.
    #[must_use]
    pub fn reconnection_ms(&self) -> Option<u64> {
        self.reconnection_ms
    }

    /// Parses the next bytes, and passes each complete item to `sink`.
    pub fn feed(&mut self, mut bytes: &[u8], sink: &mut impl FnMut(Item)) {
        loop {
            if self.after_cr && !bytes.is_empty() {
                self.after_cr = false;
                bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
            }
            let Some(end) = memchr2(b'\n', b'\r', bytes) else {
                self.line.extend_from_slice(bytes);
                return;
            };
            self.line.extend_from_slice(&bytes[..end]);
            self.after_cr = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            let line = std::mem::take(&mut self.line);
            self.take_line(&line, sink);
            // The allocation is reused for the next line.
            self.line = line;
            self.line.clear();
        }
    }

    fn take_line(&mut self, mut line: &[u8], sink: &mut impl FnMut(Item)) {
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(BOM).unwrap_or(line);
        }
        // UTF-8 can be decoded line by line, as CR and LF are never part of a longer sequence.
        let line = String::from_utf8_lossy(line);
        if line.is_empty() {
            self.dispatch(sink);
        } else if let Some(comment) = line.strip_prefix(':') {
            sink(Item::Comment(comment.to_owned()));
        } else {
            let (field, value) = line.split_once(':').unwrap_or((&line, ""));
            self.take_field(field, value.strip_prefix(' ').unwrap_or(value));
        }
    }

    fn take_field(&mut self, field: &str, value: &str) {
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id_buffer),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                if let Ok(retry) = value.parse() {
                    self.retry = Some(retry);
                    self.reconnection_ms = Some(retry);
                }
            }
            _ => {}
        }
    }

    fn dispatch(&mut self, sink: &mut impl FnMut(Item)) {
        self.last_event_id.clone_from(&self.id_buffer);
        let (mut event, mut data) =
            (std::mem::take(&mut self.event), std::mem::take(&mut self.data));
        let retry = self.retry.take();
        // Removes the line feed after the last line of data. Without one, there was no data field.
        if data.pop().is_none() {
            return;
        }
        if event.is_empty() {
            event.push_str("message");
        }
        sink(Item::Message(Message { id: self.last_event_id.clone(), event, data, retry }));
    }
}
