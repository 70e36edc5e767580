use bytes::Bytes;
use engine::Batch;
use protocol::{Document, Event, Frame, Frames};

use super::{Dialect, Message};

/// JSON Patches (RFC 6902), an array a frame, as LangChain's `JsonOutputParser(diff=True)` yields.
///
/// A terminal event goes out in the log's own voice: named, so that a client that only listens to
/// unnamed messages does not see it.
pub(crate) struct Patches {
    after: u64,
    document: Document,
}

impl Patches {
    /// Tells of the events after `after`; those before only build the document.
    pub(crate) fn after(after: u64) -> Self {
        Self { after, document: Document::default() }
    }

    fn write(&mut self, frame: Frame<'_>, event: &Event, out: &mut Vec<u8>) {
        if self.document.fold(event).is_err() || frame.id <= self.after {
            return;
        }
        if event.is_terminal() {
            out.extend_from_slice(frame.wire.as_bytes());
        } else if let Some(patch) = protocol::patch(event, &self.document) {
            out.extend(Message::new().id(frame.id).json(&patch).end());
        }
    }
}

impl Dialect for Patches {
    fn encode(&mut self, batch: Batch) -> Bytes {
        // Each patch of a text holds all of it: those of many small deltas would be large.
        let mut merged = Vec::new();
        protocol::merge(&batch.frames, &mut merged);
        let mut out = Vec::new();
        for frame in Frames::new(&merged) {
            if let Ok(event) = frame.event() {
                self.write(frame, &event, &mut out);
            }
        }
        out.into()
    }
}
