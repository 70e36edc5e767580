use json_patch::{AddOperation, Patch, PatchOperation, ReplaceOperation, jsonptr::PointerBuf};
use serde_json::{Map, Value};

use crate::{Document, Event, FieldSet, FieldStarted};

/// The change that `event` made as a JSON Patch (RFC 6902), given the document after it.
///
/// `None` for events that change no field. The first patch of a document is that of `started`:
/// it replaces the whole with an empty object.
#[must_use]
pub fn patch(event: &Event, after: &Document) -> Option<Patch> {
    let operation = match event {
        Event::Started(_) => replace("", Value::Object(Map::new()))?,
        Event::FieldStarted(FieldStarted { path, kind }) => add(path, kind.empty())?,
        Event::FieldSet(FieldSet { path, value }) => add(path, value.clone())?,
        Event::FieldDelta(delta) => {
            replace(&delta.path, after.root().pointer(&delta.path)?.clone())?
        }
        _ => return None,
    };
    Some(Patch(vec![operation]))
}

fn add(path: &str, value: Value) -> Option<PatchOperation> {
    let path = PointerBuf::parse(path).ok()?;
    Some(PatchOperation::Add(AddOperation { path, value }))
}

fn replace(path: &str, value: Value) -> Option<PatchOperation> {
    let path = PointerBuf::parse(path).ok()?;
    Some(PatchOperation::Replace(ReplaceOperation { path, value }))
}
