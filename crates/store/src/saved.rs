use protocol::{Snapshot, Status};

use crate::Error;

/// How much of a title a line of the history shows, in Unicode scalar values.
pub const LISTED_TITLE_CHARS: usize = 200;

/// A snapshot as it is stored: whole, and what is listed and searched.
#[derive(Clone)]
pub(crate) struct Saved {
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) title: String,
    pub(crate) search: String,
    pub(crate) json: String,
}

impl Saved {
    pub(crate) fn new(snapshot: &Snapshot) -> Result<Self, Error> {
        Ok(Self {
            id: snapshot.id.clone(),
            status: word(snapshot.status),
            title: snapshot.text("title").chars().take(LISTED_TITLE_CHARS).collect(),
            search: searchable(snapshot),
            json: serde_json::to_string(snapshot).map_err(|_| Error::Corrupt)?,
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
