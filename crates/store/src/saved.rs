use protocol::{Shape, Snapshot, Status};

use crate::Error;

/// How much of a title a line of the history shows, in Unicode scalar values.
pub const LISTED_TITLE_CHARS: usize = 200;

/// A snapshot as it is stored: whole, and what is listed and searched.
pub(crate) struct Saved {
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) title: String,
    pub(crate) search: String,
    pub(crate) json: String,
    pub(crate) kind: &'static str,
}

impl Saved {
    pub(crate) fn new(snapshot: &Snapshot) -> Result<Self, Error> {
        Ok(Self {
            id: snapshot.id.clone(),
            status: word(snapshot.status),
            title: snapshot.text("title").chars().take(LISTED_TITLE_CHARS).collect(),
            search: searchable(snapshot),
            json: serde_json::to_string(snapshot).map_err(|_| Error::Corrupt)?,
            kind: kind(&snapshot.shape),
        })
    }
}

/// The text that a search looks through: folded to lower case here, as SQLite folds only ASCII.
fn searchable(snapshot: &Snapshot) -> String {
    [snapshot.text("title"), snapshot.text("summary"), &snapshot.preview].join("\n").to_lowercase()
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
