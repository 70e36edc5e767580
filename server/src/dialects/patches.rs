use bytes::Bytes;
use engine::Batch;
use protocol::{Document, Event, FieldSet, FieldStarted, Frame, Frames};
use serde_json::{Value, json};

use super::{Dialect, Message};

/// JSON Patches (RFC 6902), an array a frame, as LangChain's `JsonOutputParser(diff=True)` yields.
///
/// A terminal event is sent in the log's own format. It has a name, so that a client which only
/// listens to unnamed messages does not receive it as a patch.
pub(crate) struct Patches {
    after: u64,
    document: Document,
}

impl Patches {
    /// Encodes the events after `after`. Earlier ones are only applied to the document.
    pub(crate) fn after(after: u64) -> Self {
        Self { after, document: Document::default() }
    }

    /// Applies an event to the document, and returns it when the client has not seen it.
    fn apply(&mut self, frame: &Frame<'_>) -> Option<Event> {
        let event = frame.event().ok()?;
        self.document.apply(&event).ok()?;
        (frame.id > self.after).then_some(event)
    }

    /// Writes the patch of `change`, if there is a change and it has a patch.
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
                if !waiting.as_ref().is_some_and(|change| change.is_covered_by(&event)) {
                    self.write_patch(waiting.take(), &mut out);
                }
                waiting = Some(Change { id: frame.id, event });
            }
        }
        self.write_patch(waiting, &mut out);
        out.into()
    }
}

/// A change whose patch is not written yet. The patch of a text holds all of the text, so of several
/// deltas in a row only the last one needs a patch.
struct Change {
    id: u64,
    event: Event,
}

impl Change {
    /// Whether the patch of the next change covers this one.
    fn is_covered_by(&self, next: &Event) -> bool {
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

/// The change by `event` as a JSON Patch, given the document after it, or `None` when it changed no
/// field.
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
