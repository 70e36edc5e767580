use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::wording;
use crate::error::Reason;
use crate::{Error, ErrorKind};

/// How deep an error's words are looked for, and how many bytes of them.
const MAX_DEPTH: usize = 12;
const MAX_COMPLAINT_BYTES: usize = 16 * 1024;

/// Members that repeat what was asked.
const ECHOES: [&str; 7] = ["input", "ctx", "url", "headers", "prompt", "messages", "body"];

/// Members that say in words what is wrong, the plainest first. `raw` is OpenRouter's, for what
/// the provider behind it has said, and `status_msg` MiniMax's.
const SENTENCES: [&str; 11] = [
    "raw",
    "message",
    "error",
    "msg",
    "detail",
    "error_msg",
    "status_msg",
    "err_msg",
    "errmsg",
    "error_description",
    "reason",
];

/// Why an endpoint does not answer. Unlike an [`Error`] it knows all the endpoint's own words,
/// which may repeat the user's text and go nowhere.
pub(crate) struct Refusal {
    error: Error,
    status: Option<u16>,
    complaint: String,
}

impl Refusal {
    pub(crate) fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Error::new(kind, detail).into()
    }

    /// An answer with that status, whose body is JSON or anything else.
    pub(crate) fn of_status(status: u16, body: &[u8]) -> Self {
        match serde_json::from_slice(body) {
            Ok(error) => Self::read(Some(status), &error),
            Err(_) => Self::of_text(Some(status), &String::from_utf8_lossy(body)),
        }
    }

    /// An error where an answer was due: the object that holds it.
    pub(crate) fn in_answer(error: &Value) -> Self {
        Self::read(None, error)
    }

    /// An error in plain words. A web page has none that help.
    pub(crate) fn of_text(status: Option<u16>, text: &str) -> Self {
        let text = if is_web_page(text) { "" } else { text };
        let complaint = text[..text.floor_char_boundary(MAX_COMPLAINT_BYTES)].to_lowercase();
        let mut error = Error::new(wording::kind(status, &complaint), detail(status, &Value::Null));
        error.reason = Reason::new(text);
        Self { error, status, complaint }
    }

    /// The same, from an endpoint that says when to ask again.
    pub(crate) fn after(mut self, retry_after: Option<Duration>) -> Self {
        self.error.retry_after = retry_after.or(self.error.retry_after);
        self
    }

    fn read(status: Option<u16>, body: &Value) -> Self {
        // Gemini wraps the object in an array.
        let body = body.get(0).unwrap_or(body);
        let inner = ["error", "base_resp"].iter().find_map(|name| body.get(name));
        let error = inner.filter(|inner| !inner.is_null()).unwrap_or(body);
        let mut complaint = String::new();
        complain(body, &mut complaint, MAX_DEPTH);
        // Many send their errors with status 200 and tell the status within.
        let status = status.filter(|status| !(200..300).contains(status));
        let meant = status.or_else(|| code(error)).or_else(|| code(body));
        let kind = wording::kind(meant, &complaint);
        let mut error = Error::new(kind, detail(status, error));
        error.reason = sentence(body, MAX_DEPTH).as_deref().and_then(Reason::new);
        Self { error, status: meant, complaint }
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        self.error.kind
    }

    /// The status, or the one that the error names.
    pub(crate) fn status(&self) -> Option<u16> {
        self.status
    }

    /// When the endpoint wants to be asked again.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.error.retry_after
    }

    /// The endpoint's own words, in lower case.
    pub(crate) fn complaint(&self) -> &str {
        &self.complaint
    }
}

pub(crate) fn is_web_page(text: &str) -> bool {
    let text = text.trim_start();
    text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
        || text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("<html"))
}

/// What is logged: the status, and words that cannot be the user's.
fn detail(status: Option<u16>, error: &Value) -> String {
    let mut detail = match status {
        Some(status) => format!("status {status}"),
        None => "error within the answer".to_owned(),
    };
    for name in ["type", "code"] {
        if let Some(word) = error.get(name).and_then(word) {
            detail.push_str(&format!(", {name} {word}"));
        }
    }
    detail
}

/// The status that an error names as its code.
fn code(error: &Value) -> Option<u16> {
    let numbers = ["code", "status", "status_code", "http_code"].iter().filter_map(|name| {
        match error.get(name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    });
    numbers.filter_map(|code| u16::try_from(code).ok()).find(|code| (400..600).contains(code))
}

/// Adds all that an error says, in lower case, but for what it repeats of the request.
fn complain(error: &Value, words: &mut String, depth: usize) {
    if depth == 0 || words.len() > MAX_COMPLAINT_BYTES {
        return;
    }
    match error {
        Value::String(text) => {
            let text = &text[..text.floor_char_boundary(MAX_COMPLAINT_BYTES)];
            words.push_str(&text.to_lowercase());
            words.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| complain(item, words, depth - 1)),
        Value::Object(members) => {
            let told = members.iter().filter(|(name, _)| !ECHOES.contains(&name.as_str()));
            told.for_each(|(_, value)| complain(value, words, depth - 1));
        }
        _ => {}
    }
}

/// The sentence that says most plainly what is wrong. It may be JSON once more.
fn sentence(error: &Value, depth: usize) -> Option<String> {
    if depth == 0 {
        return None;
    }
    match error {
        Value::String(text) => match serde_json::from_str(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => sentence(&inner, depth - 1),
            _ => Some(text.clone()),
        },
        Value::Array(items) => items.iter().find_map(|item| sentence(item, depth - 1)),
        Value::Object(members) => {
            let inner = ["metadata", "error", "base_resp"].iter();
            let inner = inner.filter_map(|name| members.get(*name)).filter(|it| it.is_object());
            let deeper = inner.filter_map(|inner| sentence(inner, depth - 1)).next();
            let named = || SENTENCES.iter().filter_map(|name| members.get(*name));
            deeper.or_else(|| named().find_map(|value| sentence(value, depth - 1)))
        }
        _ => None,
    }
    .filter(|sentence| !sentence.trim().is_empty())
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

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self { error, status: None, complaint: String::new() }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}
