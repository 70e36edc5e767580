use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ApplyError, Document, Event, Evidence, Failure, Language, Length, Notice, Progress, Span,
};

/// Where a generation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Events are still to come.
    #[default]
    Running,
    /// The document is whole.
    Completed,
    /// Someone stopped it.
    Stopped,
    /// It failed.
    Failed,
}

/// The state of a generation: what its events up to `cursor` add up to, and what was asked for.
///
/// [`apply`](Self::apply) is the one reducer: the engine, its recovery, the page and other clients
/// all go through it. The id, the preview, what was asked for and the time are known before the
/// first event; events say the rest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The generation's id.
    pub id: String,
    /// Where it stands.
    pub status: Status,
    /// The document so far.
    pub document: Document,
    /// Paths of the fields that will not change any more.
    pub completed: Vec<String>,
    /// What the model thought, when it told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reasoning: String,
    /// The passages of the source that were chosen, when it was too long for the model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Span>,
    /// Where the document's sentences come from, once that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What the reader should know beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// What was last said to be waited for or read, as long as it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// Id of the last event that was applied.
    pub cursor: u64,
    /// The provider's name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Host and port of the provider; none when nothing leaves the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The shape's name.
    pub shape: String,
    /// The JSON Schema that was brought along, when the shape is one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
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
    /// Applies the event `id`, which follows those up to `cursor`.
    ///
    /// # Errors
    /// [`ApplyError`] when the event does not fit, as after one was lost. Nothing has changed then.
    pub fn apply(&mut self, id: u64, event: &Event) -> Result<(), ApplyError> {
        self.document.apply(event)?;
        match event {
            Event::Started(started) => {
                self.provider.clone_from(&started.provider);
                self.model.clone_from(&started.model);
                self.host.clone_from(&started.host);
                self.shape.clone_from(&started.shape);
                self.input_chars = started.input_chars;
            }
            Event::Progress(progress) => self.progress = Some(progress.clone()),
            Event::Reasoning(reasoning) => self.reasoning.push_str(&reasoning.text),
            Event::PassagesChosen(chosen) => self.passages.clone_from(&chosen.spans),
            Event::Notice(notice) => self.notices.push(notice.clone()),
            Event::FieldCompleted(field) => self.completed.push(field.path.clone()),
            Event::Evidence(evidence) => self.evidence.push(evidence.clone()),
            Event::Completed(completed) => {
                self.end(Status::Completed);
                self.usage = completed.usage;
                self.timings = Some(completed.timings);
                self.coverage = Some(completed.coverage);
            }
            Event::Stopped {} => self.end(Status::Stopped),
            Event::Failed(failure) => {
                self.end(Status::Failed);
                self.error = Some(failure.clone());
            }
            // A word that was chosen is a text like any other, and final.
            Event::FieldSet(field) if field.value.is_string() => {
                self.completed.push(field.path.clone());
            }
            Event::FieldStarted(_)
            | Event::FieldDelta(_)
            | Event::FieldSet(_)
            | Event::PartRead(_)
            | Event::Continued(_)
            | Event::Checkpoint(_) => {}
        }
        self.cursor = id;
        Ok(())
    }

    fn end(&mut self, status: Status) {
        self.status = status;
        self.progress = None;
    }

    /// The text of a top-level field, empty when there is none yet.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.document.text(field).unwrap_or_default()
    }

    /// Whether this shows the same as `earlier` and perhaps more: nothing that was written is gone
    /// or another.
    #[must_use]
    pub fn extends(&self, earlier: &Self) -> bool {
        self.document.extends(&earlier.document) && self.reasoning.starts_with(&earlier.reasoning)
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
    /// Of those read, the ones that the provider still had from before, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_tokens: Option<u64>,
    /// Of those written, the ones that were thoughts, where the provider says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_tokens: Option<u64>,
}

/// Where the time went, in milliseconds since it had its turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timings {
    /// When the first text of the document was there.
    pub first_text_ms: Option<u64>,
    /// When it ended.
    pub total_ms: u64,
    /// How long it had waited for its turn before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_ms: Option<u64>,
    /// When the model had written or thought something for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token_ms: Option<u64>,
}

/// How much of the input was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Characters that the provider read, as far as that is known.
    pub read_chars: u64,
    /// Characters of the input.
    pub total_chars: u64,
    /// Calls that the text was read with: 1 when it was read in one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<u64>,
    /// Tokens that these calls were given, as far as they can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_given: Option<u64>,
    /// Tokens that they read, as the provider counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_read: Option<u64>,
    /// Messages of the conversation that the model was given, in a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_given: Option<u64>,
    /// Messages of the branch that a reply answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_total: Option<u64>,
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
    /// The surroundings of a hit, when something is searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// A page of the history, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The lines.
    pub generations: Vec<Listed>,
    /// What to pass as `before` for the next page; none at the end.
    pub next: Option<String>,
}
