use protocol::{Shape, Snapshot, Status};
use serde_json::Value;

use crate::Error;

/// How much of a title a line of the history shows, in Unicode scalar values.
pub const LISTED_TITLE_CHARS: usize = 200;

/// A snapshot as it is stored: whole, and what is listed and searched.
#[derive(Clone)]
pub(crate) struct Saved {
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) title: String,
    /// Its document's texts, for searches.
    pub(crate) text: String,
    pub(crate) json: String,
    pub(crate) kind: &'static str,
    /// What a completed training leads to.
    pub(crate) trained: Option<Trained>,
}

/// What a completed training makes of its persona.
#[derive(Clone)]
pub(crate) struct Trained {
    pub(crate) profile: String,
    pub(crate) ended_ms: u64,
}

impl Saved {
    pub(crate) fn new(snapshot: &Snapshot) -> Result<Self, Error> {
        Ok(Self {
            id: snapshot.id.clone(),
            status: word(snapshot.status),
            title: snapshot.text("title").chars().take(LISTED_TITLE_CHARS).collect(),
            text: text(snapshot),
            json: serde_json::to_string(snapshot).map_err(|_| Error::Corrupt)?,
            kind: kind(&snapshot.shape),
            trained: trained(snapshot),
        })
    }
}

/// All texts of a document, whatever its shape.
pub(crate) fn text(snapshot: &Snapshot) -> String {
    let mut text = String::new();
    let mut waiting = vec![snapshot.document.root()];
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(field) => {
                text.push_str(field);
                text.push('\n');
            }
            Value::Array(items) => waiting.extend(items.iter().rev()),
            Value::Object(members) => waiting.extend(members.values().rev()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    text
}

/// The word on disk and on the wire.
pub(crate) fn word(status: Status) -> &'static str {
    match status {
        Status::Running => "running",
        Status::Completed => "completed",
        Status::Stopped => "stopped",
        Status::Failed => "failed",
    }
}

fn trained(snapshot: &Snapshot) -> Option<Trained> {
    let is_training = snapshot.shape == Shape::TRAINING.name;
    (is_training && snapshot.status == Status::Completed).then(|| Trained {
        profile: Shape::TRAINING.text_of(snapshot).trim_end().to_owned(),
        ended_ms: snapshot.created_ms + snapshot.timings.map_or(0, |timings| timings.total_ms),
    })
}

/// What a generation of that shape is for. The history and retention know documents only.
fn kind(shape: &str) -> &'static str {
    if shape == Shape::REPLY.name {
        "reply"
    } else if shape == Shape::TRAINING.name {
        "training"
    } else {
        "document"
    }
}
