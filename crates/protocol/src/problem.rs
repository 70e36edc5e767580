use serde::{Deserialize, Serialize};

/// Why a request was refused: a stable word for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The body is not what its media type says (400).
    MalformedBody,
    /// The body is well-formed, but a field is not what is accepted (422).
    InvalidField,
    /// A query parameter or header is not what is accepted (400).
    InvalidParameter,
    /// It is not known who asks (401).
    Unauthorized,
    /// The origin may not call from a browser (403).
    Forbidden,
    /// The body takes longer to come than it may (408).
    TooSlow,
    /// The body is larger than the limit (413).
    TooLarge,
    /// The media type is not accepted (415).
    UnsupportedMediaType,
    /// There is no such thing (404).
    NotFound,
    /// It was withdrawn or deleted (410).
    Gone,
    /// The caller has used up what it may (429): `Retry-After` says when it may ask again.
    LimitReached,
    /// The method is not accepted here (405).
    MethodNotAllowed,
    /// The request is for a host that is none of the server's (421).
    Misdirected,
    /// A reply is being written in that conversation: `reply_id` says which (409).
    ReplyRunning,
    /// A training of that persona runs (409).
    TrainingRunning,
    /// The idempotency key was used with another body (422).
    KeyReused,
    /// Too much is asked for at once (503).
    Overloaded,
    /// The server is closing down (503).
    ShuttingDown,
    /// The provider did not answer as it should (502).
    ProviderFailed,
    /// The server's disk is full (507).
    NoRoom,
    /// A fault of our own (500).
    Internal,
}

/// A refused request, as `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// The status in words.
    pub title: String,
    /// For programs.
    pub code: ProblemCode,
    /// For people: what was wrong and what is accepted.
    pub detail: String,
    /// The field, parameter or header that was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The reply that is being written meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_id: Option<String>,
    /// What is wrong with which entries of a file that was to be imported.
    #[serde(default, skip_serializing_if = "<[Fault]>::is_empty")]
    pub faults: Box<[Fault]>,
}

/// What is wrong with an entry of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which entry, counted from 0.
    pub entry: u64,
    /// Its id, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is wrong and what is expected.
    pub detail: String,
}
