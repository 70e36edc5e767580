use std::fmt;

use serde_json::Value;

use crate::{Error, ErrorKind};

/// Words by which endpoints say that the input is longer than the model reads.
const TOO_LONG: [&str; 11] = [
    "context_length_exceeded",
    "exceed_context_size",
    "maximum context length",
    "context size",
    "context window",
    "context length",
    "input length",
    "input token count",
    "maximum prompt length",
    "prompt is too long",
    "max message tokens",
];

/// Words by which they say that there is no such model.
const UNKNOWN_MODEL: [&str; 4] =
    ["model_not_found", "model not found", "unknown model", "invalidendpointormodel"];

/// Words by which they say that there is no credit.
const NO_CREDIT: [&str; 2] = ["insufficient_quota", "arrearage"];

/// Why an endpoint does not answer. Unlike an [`Error`] it knows the endpoint's own words, which
/// may repeat the user's text and go nowhere.
pub(super) struct Refusal {
    error: Error,
    status: Option<u16>,
    complaint: String,
}

impl Refusal {
    pub(super) fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { error: Error::new(kind, detail), status: None, complaint: String::new() }
    }

    /// An answer with that status, whose body is JSON or anything else.
    pub(super) fn of_status(status: u16, body: &[u8]) -> Self {
        let body = serde_json::from_slice(body).unwrap_or(Value::Null);
        // Gemini wraps the object in an array, vLLM does without the inner one.
        let body = body.get(0).unwrap_or(&body);
        Self::read(Some(status), body.get("error").unwrap_or(body))
    }

    /// An `error` member where an answer was due.
    pub(super) fn in_answer(error: &Value) -> Self {
        Self::read(None, error)
    }

    fn read(status: Option<u16>, error: &Value) -> Self {
        let complaint = complaint(error);
        let mut detail = match status {
            Some(status @ 200..=299) => format!("status {status} without an event stream"),
            Some(status) => format!("status {status}"),
            None => "error within the answer".to_owned(),
        };
        for name in ["type", "code"] {
            if let Some(word) = error.get(name).and_then(word) {
                detail.push_str(&format!(", {name} {word}"));
            }
        }
        Self { error: Error::new(kind(status, &complaint), detail), status, complaint }
    }

    pub(super) fn kind(&self) -> ErrorKind {
        self.error.kind
    }

    pub(super) fn status(&self) -> Option<u16> {
        self.status
    }

    /// The endpoint's own words, in lower case.
    pub(super) fn complaint(&self) -> &str {
        &self.complaint
    }
}

fn kind(status: Option<u16>, complaint: &str) -> ErrorKind {
    let says = |words: &[&str]| words.iter().any(|word| complaint.contains(word));
    match status {
        Some(413) => ErrorKind::TooLong,
        Some(402 | 429) => ErrorKind::RateLimited,
        _ if says(&UNKNOWN_MODEL) => ErrorKind::UnknownModel,
        _ if says(&NO_CREDIT) => ErrorKind::RateLimited,
        _ if says(&TOO_LONG) => ErrorKind::TooLong,
        Some(401 | 403) => ErrorKind::Unauthorised,
        Some(404) => ErrorKind::UnknownModel,
        Some(408) => ErrorKind::Broken,
        Some(300..=499) => ErrorKind::Rejected,
        _ => ErrorKind::Broken,
    }
}

/// All that an error says, in lower case. FastAPI says it in a list, each item beside the input.
fn complaint(error: &Value) -> String {
    let mut words = String::new();
    let mut say = |value: Option<&Value>| match value {
        Some(Value::String(text)) => {
            words.push_str(&text.to_lowercase());
            words.push('\n');
        }
        Some(Value::Array(parts)) => {
            for text in parts.iter().filter_map(Value::as_str) {
                words.push_str(&text.to_lowercase());
                words.push('\n');
            }
        }
        _ => {}
    };
    say(Some(error));
    for name in ["type", "code", "param", "message", "msg", "loc", "detail"] {
        say(error.get(name));
    }
    for item in error.get("detail").and_then(Value::as_array).into_iter().flatten() {
        say(item.get("loc"));
        say(item.get("msg"));
    }
    words
}

/// A number, or a string that is one plain word: anything else might be the user's.
fn word(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!text.is_empty() && text.len() <= 64 && text.chars().all(plain)).then_some(text)
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}
