use std::io::Write;

use crate::{DecodeError, Event, FieldDelta};

/// Media type of an event stream (WHATWG HTML, "Server-sent events").
pub const MEDIA_TYPE: &str = "text/event-stream; charset=utf-8";

/// How many milliseconds a client is to wait before it reconnects (`retry:`).
pub const RETRY_MS: u64 = 1000;

/// Appends `event` to `out` as one frame: `id:`, `event:` and a single line of `data:`. `out` must be
/// memory, as errors of writing are ignored.
pub fn encode(id: u64, event: &Event, out: &mut impl Write) {
    match event {
        // Most events are deltas whose text needs no escapes. Formatting these by hand is faster.
        Event::FieldDelta(FieldDelta { path, text }) if is_plain(path) && is_plain(text) => {
            write_delta(id, path, [text.as_str()], out);
        }
        _ => {
            let mut digits = itoa::Buffer::new();
            write(["id: ", digits.format(id), "\nevent: ", event.name(), "\ndata: "], out);
            // Events are plain data, which always serialises.
            let _ = serde_json::to_writer(&mut *out, event);
            write(["\n\n"], out);
        }
    }
}

/// Appends one delta of all `texts`. Path and texts must be escaped for JSON already.
fn write_delta<'a>(
    id: u64,
    path: &str,
    texts: impl IntoIterator<Item = &'a str>,
    out: &mut impl Write,
) {
    let mut digits = itoa::Buffer::new();
    let event = "\nevent: field_delta\ndata: {\"path\":\"";
    write(["id: ", digits.format(id), event, path, "\",\"text\":\""], out);
    write(texts, out);
    write(["\"}\n\n"], out);
}

fn write<'a>(parts: impl IntoIterator<Item = &'a str>, out: &mut impl Write) {
    for part in parts {
        // Writing to memory cannot fail.
        let _ = out.write_all(part.as_bytes());
    }
}

/// Whether `text` needs no escapes in JSON.
fn is_plain(text: &str) -> bool {
    let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    // A loop that does not end early is compiled to instructions that check many bytes at once.
    !text.bytes().fold(false, |found, byte| found | is_escaped(byte))
}

/// Copies the frames in `bytes`, which [`encode`] wrote, to `out`, and merges neighbouring deltas of
/// one path into one, which has the id of the last. Viewers that are behind get fewer events this way.
pub fn merge(bytes: &[u8], out: &mut Vec<u8>) {
    let mut open: Option<Run<'_>> = None;
    for frame in Frames::new(bytes) {
        let delta = Delta::parse(&frame);
        match (&mut open, delta) {
            (Some(run), Some(delta)) if run.path == delta.path => {
                run.id = frame.id;
                run.texts.push(delta.text);
            }
            (_, Some(delta)) => {
                let next = Run { id: frame.id, path: delta.path, texts: vec![delta.text] };
                close(open.replace(next), out);
            }
            (_, None) => {
                close(open.take(), out);
                out.extend_from_slice(frame.wire.as_bytes());
            }
        }
    }
    close(open, out);
}

/// A delta whose path and text are still escaped for JSON.
struct Delta<'a> {
    path: &'a str,
    text: &'a str,
}

impl<'a> Delta<'a> {
    fn parse(frame: &Frame<'a>) -> Option<Self> {
        if frame.name != "field_delta" {
            return None;
        }
        let data = frame.data.strip_prefix("{\"path\":\"")?;
        let (path, rest) = data.split_at(closing_quote(data)?);
        let text = rest.strip_prefix("\",\"text\":\"")?.strip_suffix("\"}")?;
        Some(Self { path, text })
    }
}

/// The position of the quote that closes a JSON string, where `rest` begins inside the string.
fn closing_quote(rest: &str) -> Option<usize> {
    let mut is_escaped = false;
    rest.bytes().position(|byte| {
        let is_closing = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_closing
    })
}

/// Neighbouring deltas of one path that become one.
struct Run<'a> {
    id: u64,
    path: &'a str,
    texts: Vec<&'a str>,
}

fn close(run: Option<Run<'_>>, out: &mut Vec<u8>) {
    if let Some(Run { id, path, texts }) = run {
        write_delta(id, path, texts, out);
    }
}

/// One encoded event, split into its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The event's id.
    pub id: u64,
    /// The event's name.
    pub name: &'a str,
    /// The event's data: one line of JSON.
    pub data: &'a str,
    /// The whole frame, as it is sent, with the blank line at its end.
    pub wire: &'a str,
}

impl Frame<'_> {
    /// Decodes the event.
    ///
    /// # Errors
    /// [`DecodeError`] when the name is unknown or the data does not fit it.
    pub fn event(&self) -> Result<Event, DecodeError> {
        Event::decode(self.name, self.data)
    }

    /// The first frame of `bytes`.
    fn parse(bytes: &str) -> Option<Frame<'_>> {
        let (id, rest) = first_line(bytes)?;
        let (name, rest) = first_line(rest)?;
        let (data, rest) = first_line(rest)?;
        let rest = rest.strip_prefix('\n')?;
        let id = id.strip_prefix("id: ")?.parse().ok()?;
        let (name, data) = (name.strip_prefix("event: ")?, data.strip_prefix("data: ")?);
        Some(Frame { id, name, data, wire: &bytes[..bytes.len() - rest.len()] })
    }
}

/// Splits off the first line.
fn first_line(text: &str) -> Option<(&str, &str)> {
    let end = memchr::memchr(b'\n', text.as_bytes())?;
    Some((&text[..end], &text[end + 1..]))
}

/// Iterates over the frames in bytes that [`encode`] wrote.
///
/// The iteration ends before the first frame that [`encode`] would not have written.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    rest: &'a str,
}

impl<'a> Frames<'a> {
    /// The frames in `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: std::str::from_utf8(bytes).unwrap_or_default() }
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        let frame = Frame::parse(self.rest)?;
        self.rest = &self.rest[frame.wire.len()..];
        Some(frame)
    }
}
