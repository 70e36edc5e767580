use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{Coverage, Evidence, Failure, Span, Timings, Usage};

/// One entry of a generation's log.
///
/// Ids are given by the log: 1, 2, 3 … without holes. The last event is terminal, and only it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// Always id 1.
    Started(Started),
    /// Its place in the line, or how far a long input has been read.
    Progress(Progress),
    /// What a thinking model thinks; never part of the document.
    Reasoning(Reasoning),
    /// The source is too long for the model: these passages were chosen. In replies only.
    PassagesChosen(PassagesChosen),
    /// A part of a long text has been read.
    PartRead(PartRead),
    /// The answer broke off, and is written on from where it stood.
    Continued(Continued),
    /// Something that the reader should know.
    Notice(Notice),
    /// A field begins.
    FieldStarted(FieldStarted),
    /// Text to append to a field.
    FieldDelta(FieldDelta),
    /// A number, a boolean, null or a word that was to be chosen, whole.
    FieldSet(FieldSet),
    /// A field will not change any more.
    FieldCompleted(FieldCompleted),
    /// Where a sentence of the document comes from.
    Evidence(Evidence),
    /// Length and hash of the document so far.
    Checkpoint(Checkpoint),
    /// Terminal: the document has every field of its shape.
    Completed(Box<Completed>),
    /// Terminal: someone stopped it.
    Stopped {},
    /// Terminal: it failed; what arrived before is kept.
    Failed(Failure),
}

/// Who writes, and what is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The generation's id.
    pub generation_id: String,
    /// The provider's name, as `builtin`.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Host and port of the provider; none when nothing leaves the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The name of the [`Shape`](crate::Shape) that is filled.
    pub shape: String,
    /// Length of the input in Unicode scalar values.
    pub input_chars: u64,
}

/// Its place in the line, or how far a long input has been read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done: [`Progress::QUEUED`], [`Progress::READING`], [`Progress::MERGING`] or
    /// [`Progress::PROMPT`].
    pub stage: String,
    /// Parts done.
    pub done: u64,
    /// Parts in all.
    pub total: u64,
}

impl Progress {
    /// The stage of a generation that waits: `total` is its place in the line, 1 for who is next
    /// and 0 for whose turn has come.
    pub const QUEUED: &'static str = "queued";

    /// Parts of a long text are being read.
    pub const READING: &'static str = "reading";

    /// The notes on the parts are being merged.
    pub const MERGING: &'static str = "merging";

    /// The model reads what it was given: `done` of `total` tokens.
    pub const PROMPT: &'static str = "prompt";
}

/// What the model has noted of a part of a text that is too long to be read in one piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartRead {
    /// Where the part begins, in characters of the source.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
    /// The notes.
    pub notes: String,
}

/// An answer that broke off is written on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continued {
    /// Why it broke off.
    pub reason: Break,
}

/// Why an answer broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Break {
    /// The connection to the provider was lost.
    ConnectionLost,
    /// The model reached the limit of what it may write at once.
    Length,
    /// The server was killed, and has started again.
    Restarted,
}

/// Something that the reader should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// For programs.
    pub code: String,
    /// For people, in English.
    pub message: String,
}

impl Notice {
    /// The document is in another language than was asked for.
    pub const LANGUAGE_DIFFERS: &'static str = "language_differs";
}

/// A piece of what the model thinks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reasoning {
    /// Text to append.
    pub text: String,
}

/// The passages of a source that a model is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassagesChosen {
    /// In the order of the source, without overlaps.
    pub spans: Vec<Span>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text, which arrives in deltas. Left out on the wire.
    #[default]
    Text,
    /// An object, whose members are fields of their own.
    Object,
    /// An array, whose items are fields of their own.
    Array,
}

impl Kind {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_text(&self) -> bool {
        *self == Self::Text
    }

    /// What a field of this kind holds when it begins.
    #[must_use]
    pub fn empty(self) -> Value {
        match self {
            Self::Text => Value::String(String::new()),
            Self::Object => Value::Object(Map::new()),
            Self::Array => Value::Array(Vec::new()),
        }
    }
}

/// A field begins, empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldStarted {
    /// JSON Pointer (RFC 6901).
    pub path: String,
    /// What it will hold.
    #[serde(default, skip_serializing_if = "Kind::is_text")]
    pub kind: Kind,
}

/// Text to append to a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDelta {
    /// JSON Pointer (RFC 6901).
    pub path: String,
    /// Never empty.
    pub text: String,
}

/// A number, boolean, null or a word that was to be chosen, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldSet {
    /// JSON Pointer (RFC 6901).
    pub path: String,
    /// The value.
    pub value: Value,
}

/// A field is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldCompleted {
    /// JSON Pointer (RFC 6901).
    pub path: String,
}

/// Length and hash of the document so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Unicode scalar values of all text so far.
    pub chars: u64,
    /// Hash of all fields so far, in lower-case hexadecimal.
    pub hash: String,
}

/// How a generation ended well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completed {
    /// Why the model stopped, in its provider's word, as `stop`.
    pub finish_reason: String,
    /// What the provider counted, when it said so.
    pub usage: Option<Usage>,
    /// Where the time went.
    pub timings: Timings,
    /// How much of the input was read.
    pub coverage: Coverage,
}

/// Why a frame is no [`Event`].
#[derive(Debug)]
pub enum DecodeError {
    /// The event's name is none of this protocol's.
    UnknownName,
    /// The data is not what its name promises.
    Data(serde_json::Error),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName => f.write_str("unknown event name"),
            Self::Data(error) => write!(f, "event data: {error}"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl Event {
    /// Every name that [`Event::name`] can give, in the order of the protocol's table.
    pub const NAMES: [&'static str; 16] = [
        "started",
        "progress",
        "reasoning",
        "passages",
        "part_read",
        "continued",
        "notice",
        "field_started",
        "field_delta",
        "field_set",
        "field_completed",
        "evidence",
        "checkpoint",
        "completed",
        "stopped",
        "failed",
    ];

    /// The event's name on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Started(_) => "started",
            Self::Progress(_) => "progress",
            Self::Reasoning(_) => "reasoning",
            Self::PassagesChosen(_) => "passages",
            Self::PartRead(_) => "part_read",
            Self::Continued(_) => "continued",
            Self::Notice(_) => "notice",
            Self::FieldStarted(_) => "field_started",
            Self::FieldDelta(_) => "field_delta",
            Self::FieldSet(_) => "field_set",
            Self::FieldCompleted(_) => "field_completed",
            Self::Evidence(_) => "evidence",
            Self::Checkpoint(_) => "checkpoint",
            Self::Completed(_) => "completed",
            Self::Stopped {} => "stopped",
            Self::Failed(_) => "failed",
        }
    }

    /// Whether nothing follows this event.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed(_) | Self::Stopped {} | Self::Failed(_))
    }

    /// Reads an event from its name and its data.
    ///
    /// # Errors
    /// [`DecodeError`] when the name is unknown or the data does not fit it.
    pub fn decode(name: &str, data: &str) -> Result<Self, DecodeError> {
        fn read<T: DeserializeOwned>(data: &str) -> Result<T, DecodeError> {
            serde_json::from_str(data).map_err(DecodeError::Data)
        }
        Ok(match name {
            "started" => Self::Started(read(data)?),
            "progress" => Self::Progress(read(data)?),
            "reasoning" => Self::Reasoning(read(data)?),
            "passages" => Self::PassagesChosen(read(data)?),
            "part_read" => Self::PartRead(read(data)?),
            "continued" => Self::Continued(read(data)?),
            "notice" => Self::Notice(read(data)?),
            "field_started" => Self::FieldStarted(read(data)?),
            "field_delta" => Self::FieldDelta(read(data)?),
            "field_set" => Self::FieldSet(read(data)?),
            "field_completed" => Self::FieldCompleted(read(data)?),
            "evidence" => Self::Evidence(read(data)?),
            "checkpoint" => Self::Checkpoint(read(data)?),
            "completed" => Self::Completed(read(data)?),
            "stopped" => Self::Stopped {},
            "failed" => Self::Failed(read(data)?),
            _ => return Err(DecodeError::UnknownName),
        })
    }
}
