use std::io::Write;

use crate::{DecodeError, Event};

/// Media type of an event stream (WHATWG HTML, "Server-sent events").
pub const MEDIA_TYPE: &str = "text/event-stream; charset=utf-8";

/// What `retry:` tells a client: wait this long before reconnecting.
pub const RETRY_MS: u64 = 1000;

/// Appends `event` to `out` as one frame: `id:`, `event:` and a single line of `data:`.
pub fn encode(id: u64, event: &Event, out: &mut Vec<u8>) {
    // Writing to memory cannot fail, and every event is plain data that serialises.
    let _ = write!(out, "id: {id}\nevent: {}\ndata: ", event.name());
    let _ = serde_json::to_writer(&mut *out, event);
    out.extend_from_slice(b"\n\n");
}

/// Copies the frames in `bytes`, which [`encode`] wrote, to `out`: neighbouring deltas of one path
/// become one, which bears the last one's id. For viewers that are behind.
pub fn merge(bytes: &[u8], out: &mut Vec<u8>) {
    let mut open: Option<Run<'_>> = None;
    for frame in Frames::new(bytes) {
        let delta = Delta::parse(&frame);
        match (&mut open, delta) {
            (Some(run), Some(delta)) if run.head == delta.head => {
                run.id = frame.id;
                run.bodies.push(delta.body);
            }
            (_, Some(delta)) => {
                let next = Run { id: frame.id, head: delta.head, bodies: vec![delta.body] };
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

/// A delta as it stands on the wire: `{"path":"/title","text":"` and then the text's own JSON.
struct Delta<'a> {
    head: &'a str,
    body: &'a str,
}

impl<'a> Delta<'a> {
    fn parse(frame: &Frame<'a>) -> Option<Self> {
        if frame.name != "field_delta" {
            return None;
        }
        // A quote inside the path is escaped: the first of these is the member's own.
        const TEXT: &str = ",\"text\":\"";
        let at = frame.data.find(TEXT)? + TEXT.len();
        let (head, rest) = frame.data.split_at(at);
        Some(Self { head, body: rest.strip_suffix("\"}")? })
    }
}

/// Deltas of one path that become one.
struct Run<'a> {
    id: u64,
    head: &'a str,
    bodies: Vec<&'a str>,
}

fn close(run: Option<Run<'_>>, out: &mut Vec<u8>) {
    let Some(Run { id, head, bodies }) = run else { return };
    // Writing to memory cannot fail.
    let _ = write!(out, "id: {id}\nevent: field_delta\ndata: {head}");
    for body in bodies {
        out.extend_from_slice(body.as_bytes());
    }
    out.extend_from_slice(b"\"}\n\n");
}

/// One encoded event: where it lies in the log, and its bytes as they go over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The event's id.
    pub id: u64,
    /// The event's name.
    pub name: &'a str,
    /// The event's data: one line of JSON.
    pub data: &'a str,
    /// The whole frame with its closing blank line.
    pub wire: &'a str,
}

impl Frame<'_> {
    /// The event inside.
    ///
    /// # Errors
    /// [`DecodeError`] when the name is unknown or the data does not fit it.
    pub fn event(&self) -> Result<Event, DecodeError> {
        Event::decode(self.name, self.data)
    }

    fn parse(wire: &str) -> Option<Frame<'_>> {
        let (id, rest) = wire.strip_prefix("id: ")?.split_once("\nevent: ")?;
        let (name, rest) = rest.split_once("\ndata: ")?;
        let data = rest.strip_suffix("\n\n")?;
        Some(Frame { id: id.parse().ok()?, name, data, wire })
    }
}

/// Walks over the frames in a run of bytes that [`encode`] wrote.
///
/// It ends at the first byte that [`encode`] would not have written.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    rest: &'a str,
}

impl<'a> Frames<'a> {
    /// Starts at the front of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: std::str::from_utf8(bytes).unwrap_or_default() }
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        // JSON on one line holds no newline, so a blank line can only end a frame.
        let end = self.rest.find("\n\n")? + 2;
        let (wire, rest) = self.rest.split_at(end);
        self.rest = rest;
        Frame::parse(wire)
    }
}
