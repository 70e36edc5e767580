use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{Checkpoint, Event, FieldSet, FieldStarted, digest::Digest, unescape};

/// The JSON document that a generation's events describe.
///
/// Applying a delta costs the same however long the document is. A document is serialised as its root.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    root: Value,
    digest: Digest,
}

/// Why an event does not fit the document that it was applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplyError {
    /// No field has that path.
    NoSuchField(String),
    /// The field at that path does not hold text.
    NotText(String),
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchField(path) => write!(f, "no field at {path:?}"),
            Self::NotText(path) => write!(f, "no text at {path:?}"),
        }
    }
}

impl std::error::Error for ApplyError {}

impl Default for Document {
    fn default() -> Self {
        Value::Object(Map::new()).into()
    }
}

impl From<Value> for Document {
    fn from(root: Value) -> Self {
        let digest = Digest::of(&root);
        Self { root, digest }
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.root.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl Document {
    /// Applies one event. Events that are not about fields change nothing.
    ///
    /// # Errors
    /// [`ApplyError`] when the event does not fit, for example because an earlier one was lost. The
    /// document is then unchanged.
    pub fn apply(&mut self, event: &Event) -> Result<(), ApplyError> {
        match event {
            Event::FieldStarted(FieldStarted { path, kind }) => self.put(path, kind.empty()),
            Event::FieldDelta(delta) => self.append(&delta.path, &delta.text),
            Event::FieldSet(FieldSet { path, value }) => self.put(path, value.clone()),
            _ => Ok(()),
        }
    }

    fn put(&mut self, path: &str, value: Value) -> Result<(), ApplyError> {
        let slot = parent(&mut self.root, path).and_then(|(parent, name)| slot(parent, name));
        let slot = slot.ok_or_else(|| ApplyError::NoSuchField(path.to_owned()))?;
        self.digest.put(path, &value);
        *slot = value;
        Ok(())
    }

    fn append(&mut self, path: &str, text: &str) -> Result<(), ApplyError> {
        match find(&mut self.root, path) {
            Some(Value::String(field)) => field.push_str(text),
            Some(_) => return Err(ApplyError::NotText(path.to_owned())),
            None => return Err(ApplyError::NoSuchField(path.to_owned())),
        }
        self.digest.append(path, text);
        Ok(())
    }

    /// The document so far.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// Whether this is what `earlier` became by nothing but growing: no text, item or member of it
    /// is gone or another.
    #[must_use]
    pub fn extends(&self, earlier: &Self) -> bool {
        let mut waiting = vec![(&earlier.root, &self.root)];
        while let Some(pair) = waiting.pop() {
            match pair {
                (Value::String(before), Value::String(now)) if now.starts_with(before) => {}
                (Value::Array(before), Value::Array(now)) if now.len() >= before.len() => {
                    waiting.extend(before.iter().zip(now));
                }
                (Value::Object(before), Value::Object(now)) => {
                    for (name, before) in before {
                        let Some(now) = now.get(name) else { return false };
                        waiting.push((before, now));
                    }
                }
                (before, now) if before == now => {}
                _ => return false,
            }
        }
        true
    }

    /// The text of a top-level field, when it holds text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.root.get(field)?.as_str()
    }

    /// The text at a path, empty when there is none.
    #[must_use]
    pub fn text_at(&self, path: &str) -> &str {
        self.root.pointer(path).and_then(Value::as_str).unwrap_or_default()
    }

    /// How many Unicode scalar values all text so far has.
    #[must_use]
    pub fn chars(&self) -> u64 {
        self.digest.chars()
    }

    /// Length and hash of the document so far. They are equal for equal documents.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        self.digest.checkpoint()
    }
}

/// The value at a path. Most paths name a member of the root without escapes, which is looked up
/// directly.
fn find<'a>(root: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    match path.strip_prefix('/') {
        Some(name) if !name.contains(['/', '~']) && root.is_object() => root.get_mut(name),
        _ => root.pointer_mut(path),
    }
}

/// The object or array that the field at `path` belongs to, and the field's escaped name in it.
fn parent<'a, 'p>(root: &'a mut Value, path: &'p str) -> Option<(&'a mut Value, &'p str)> {
    let (above, name) = path.rsplit_once('/')?;
    Some((root.pointer_mut(above)?, name))
}

/// The place of a field of that name, which is created when it is missing. In an array, only the item
/// after the last can be created.
fn slot<'a>(parent: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    match parent {
        Value::Object(members) => Some(members.entry(unescape(name)).or_insert(Value::Null)),
        Value::Array(items) => {
            let index = name.parse().ok().filter(|index: &usize| index.to_string() == name)?;
            if index == items.len() {
                items.push(Value::Null);
            }
            items.get_mut(index)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{FieldDelta, Kind};

    fn start(document: &mut Document, path: &str, kind: Kind) -> Result<(), ApplyError> {
        document.apply(&Event::FieldStarted(FieldStarted { path: path.to_owned(), kind }))
    }

    #[test]
    fn fields_begin_in_objects_and_one_after_the_other_in_arrays() {
        let mut document = Document::default();
        start(&mut document, "/a~1b", Kind::Array).unwrap();
        start(&mut document, "/a~1b/0", Kind::Object).unwrap();
        start(&mut document, "/a~1b/0/", Kind::Text).unwrap();
        start(&mut document, "/a~1b/1", Kind::Text).unwrap();
        let text = "x".to_owned();
        document.apply(&Event::FieldDelta(FieldDelta { path: "/a~1b/1".into(), text })).unwrap();
        let whole = json!({"a/b": [{"": ""}, "x"]});
        assert_eq!(document.root(), &whole);
        assert_eq!(document.checkpoint(), Document::from(whole).checkpoint());
    }

    #[test]
    fn what_has_only_grown_extends_what_there_was() {
        let document = |root: &Value| Document::from(root.clone());
        let before = json!({"title": "A", "points": ["b", {"who": "c"}], "sum": 1});
        let extends = |now: Value| document(&now).extends(&document(&before));
        assert!(extends(before.clone()));
        assert!(extends(json!({
            "title": "A clock", "points": ["bc", {"who": "c", "what": ""}, "d"], "sum": 1, "x": null,
        })));
        for other in [
            json!({"title": "B", "points": ["b", {"who": "c"}], "sum": 1}),
            json!({"title": "A", "points": ["b"], "sum": 1}),
            json!({"title": "A", "points": ["b", {}], "sum": 1}),
            json!({"title": "A", "points": ["b", {"who": "c"}], "sum": 2}),
            json!({"title": "A", "points": "b", "sum": 1}),
        ] {
            assert!(!extends(other));
        }
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let mut document = Document::from(json!({"list": ["x"], "text": ""}));
        let before = document.clone();
        for path in ["", "list", "/list/2", "/list/01", "/list/+1", "/list/-", "/text/x", "/no/x"] {
            let refused = start(&mut document, path, Kind::Text);
            assert_eq!(refused, Err(ApplyError::NoSuchField(path.to_owned())));
        }
        let delta = FieldDelta { path: "/list".into(), text: "y".into() };
        let refused = document.apply(&Event::FieldDelta(delta));
        assert_eq!(refused, Err(ApplyError::NotText("/list".into())));
        assert_eq!(document, before);
    }
}
