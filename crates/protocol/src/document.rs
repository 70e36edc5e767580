use std::fmt;

use json_patch::{AddOperation, PatchOperation, jsonptr::PointerBuf};
use serde_json::{Map, Value};

use crate::{Checkpoint, Event, FieldSet, FieldStarted, digest::Digest};

/// The reducer: folds events into the JSON document that they describe.
///
/// The cost of a delta does not depend on what is already there.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    root: Value,
    completed: Vec<String>,
    digest: Digest,
}

/// Why an event does not fit the document that it was folded into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoldError {
    /// No field has that path.
    NoSuchField(String),
    /// The field at that path does not hold text.
    NotText(String),
}

impl fmt::Display for FoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchField(path) => write!(f, "no field at {path:?}"),
            Self::NotText(path) => write!(f, "no text at {path:?}"),
        }
    }
}

impl std::error::Error for FoldError {}

impl Default for Document {
    fn default() -> Self {
        Self::resume(Value::Object(Map::new()), Vec::new())
    }
}

impl Document {
    /// A document that was folded elsewhere.
    #[must_use]
    pub fn resume(root: Value, completed: Vec<String>) -> Self {
        let digest = Digest::of(&root);
        Self { root, completed, digest }
    }

    /// Folds one event in. Events that say nothing of fields change nothing.
    ///
    /// # Errors
    /// [`FoldError`] when the event does not fit, as after one was lost.
    pub fn fold(&mut self, event: &Event) -> Result<(), FoldError> {
        match event {
            Event::FieldStarted(FieldStarted { path, kind }) => self.put(path, &kind.empty()),
            Event::FieldDelta(delta) => self.append(&delta.path, &delta.text),
            Event::FieldSet(FieldSet { path, value }) => self.put(path, value),
            Event::FieldCompleted(field) => {
                self.completed.push(field.path.clone());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn put(&mut self, at: &str, value: &Value) -> Result<(), FoldError> {
        let missing = || FoldError::NoSuchField(at.to_owned());
        let path = PointerBuf::parse(at).map_err(|_| missing())?;
        let add = PatchOperation::Add(AddOperation { path, value: value.clone() });
        json_patch::patch(&mut self.root, &[add]).map_err(|_| missing())?;
        self.digest.put(at, value);
        Ok(())
    }

    fn append(&mut self, path: &str, text: &str) -> Result<(), FoldError> {
        match find(&mut self.root, path) {
            Some(Value::String(field)) => field.push_str(text),
            Some(_) => return Err(FoldError::NotText(path.to_owned())),
            None => return Err(FoldError::NoSuchField(path.to_owned())),
        }
        self.digest.append(path, text);
        Ok(())
    }

    /// The document so far.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// The text of a top-level field, when it holds text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.root.get(field)?.as_str()
    }

    /// Unicode scalar values of all text so far.
    #[must_use]
    pub fn chars(&self) -> u64 {
        self.digest.chars()
    }

    /// Length and hash of the document so far: equal for equal documents.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        self.digest.checkpoint()
    }

    /// Paths of the fields that are final.
    #[must_use]
    pub fn completed(&self) -> &[String] {
        &self.completed
    }
}

/// The value at a path. Most are members of the root, for whose names nothing need be unescaped.
fn find<'a>(root: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    match path.strip_prefix('/') {
        Some(name) if !name.contains(['/', '~']) && root.is_object() => root.get_mut(name),
        _ => root.pointer_mut(path),
    }
}
