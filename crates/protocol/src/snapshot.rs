use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Failure, Language, Length, Progress};

/// Where a generation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Events are still to come.
    Running,
    /// The document is whole.
    Completed,
    /// Someone stopped it.
    Stopped,
    /// It failed.
    Failed,
}

/// What folding a generation's events up to `cursor` gives, with what else is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The generation's id.
    pub id: String,
    /// Where it stands.
    pub status: Status,
    /// The document so far.
    pub document: Value,
    /// Paths of the fields that will not change any more.
    pub completed: Vec<String>,
    /// What the model thought, when it told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reasoning: String,
    /// What was last said to be waited for or read, as long as it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// Id of the last event that is folded in.
    pub cursor: u64,
    /// The provider's name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// The shape's name.
    pub shape: String,
    /// The language that was asked for.
    pub language: Language,
    /// The length that was asked for.
    pub length: Length,
    /// Length of the input in Unicode scalar values.
    pub input_chars: u64,
    /// The input's beginning, on one line.
    pub preview: String,
    /// When it was created, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// What the provider counted, when it said so.
    pub usage: Option<Usage>,
    /// Where the time went, once it has completed.
    pub timings: Option<Timings>,
    /// How much of the input was read, once it has completed.
    pub coverage: Option<Coverage>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

impl Snapshot {
    /// The text of a top-level field, empty when there is none yet.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.document.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the field at `path` is final.
    #[must_use]
    pub fn is_completed(&self, path: &str) -> bool {
        self.completed.iter().any(|completed| completed == path)
    }
}

/// Tokens, as the provider counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
}

/// Where the time went, in milliseconds since it had its turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timings {
    /// When the first text of the document was there.
    pub first_text_ms: Option<u64>,
    /// When it ended.
    pub total_ms: u64,
}

/// How much of the input was read, in Unicode scalar values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Characters that the provider read, as far as that is known.
    pub read_chars: u64,
    /// Characters of the input.
    pub total_chars: u64,
}

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The generation's id.
    pub id: String,
    /// Where it stands.
    pub status: Status,
    /// Its title so far.
    pub title: String,
    /// The input's beginning, on one line.
    pub preview: String,
    /// The provider's name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// When it was created, in milliseconds since the Unix epoch.
    pub created_ms: u64,
}

/// A page of the history, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The lines.
    pub generations: Vec<Listed>,
    /// What to pass as `before` for the next page; none at the end.
    pub next: Option<String>,
}
