use bytes::Bytes;
use engine::Batch;
use protocol::{Document, Event, FieldSet, FieldStarted, Frame, Frames};
use serde_json::{Value, json};

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

    /// Takes an event in; gives it back when it is to be told.
    fn apply(&mut self, frame: &Frame<'_>) -> Option<Event> {
        let event = frame.event().ok()?;
        self.document.apply(&event).ok()?;
        (frame.id > self.after).then_some(event)
    }

    fn write_patch(&self, change: Option<Change>, out: &mut Vec<u8>) {
        let patch = change.as_ref().and_then(|change| patch(&change.event, &self.document));
        if let (Some(Change { id, .. }), Some(patch)) = (change, patch) {
            out.extend(Message::new().id(id).json(&patch).end());
        }
    }
}

impl Dialect for Patches {
    fn encode(&mut self, batch: Batch) -> Bytes {
        let mut out = Vec::new();
        let mut waiting: Option<Change> = None;
        for frame in Frames::new(&batch.frames) {
            let Some(event) = self.apply(&frame) else { continue };
            if event.is_terminal() {
                self.write_patch(waiting.take(), &mut out);
                out.extend_from_slice(frame.wire.as_bytes());
            } else if is_change(&event) {
                if !waiting.as_ref().is_some_and(|change| change.leads_to(&event)) {
                    self.write_patch(waiting.take(), &mut out);
                }
                waiting = Some(Change { id: frame.id, event });
            }
        }
        self.write_patch(waiting, &mut out);
        out.into()
    }
}

/// A change that waits for what comes after it: the patch of a text holds all of it, and only the
/// last of many pieces is worth one.
struct Change {
    id: u64,
    event: Event,
}

impl Change {
    /// Whether the next change tells of this one, too.
    fn leads_to(&self, next: &Event) -> bool {
        match (&self.event, next) {
            (Event::FieldDelta(piece), Event::FieldDelta(next)) => piece.path == next.path,
            _ => false,
        }
    }
}

fn is_change(event: &Event) -> bool {
    matches!(
        event,
        Event::Started(_) | Event::FieldStarted(_) | Event::FieldSet(_) | Event::FieldDelta(_)
    )
}

/// The change that `event` made as a JSON Patch, given the document after it; none where it changed
/// no field.
fn patch(event: &Event, after: &Document) -> Option<Value> {
    Some(match event {
        Event::Started(_) => json!([{"op": "replace", "path": "", "value": {}}]),
        Event::FieldStarted(FieldStarted { path, kind }) => {
            json!([{"op": "add", "path": path, "value": kind.empty()}])
        }
        Event::FieldSet(FieldSet { path, value }) => {
            json!([{"op": "add", "path": path, "value": value}])
        }
        Event::FieldDelta(delta) => {
            let text = after.root().pointer(&delta.path)?;
            json!([{"op": "replace", "path": delta.path, "value": text}])
        }
        _ => return None,
    })
}
