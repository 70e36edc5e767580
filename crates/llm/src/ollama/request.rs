use serde::Serialize;
use serde_json::{Value, json};

use super::Known;
use crate::http::Refusal;
use crate::{ErrorKind, Request, words};

/// A summary is to be faithful rather than varied.
const TEMPERATURE: f32 = 0.2;

/// How long a model stays loaded: the next text may come in some minutes.
const KEEP_ALIVE: &str = "10m";

/// Words by which an Ollama says that it cannot hold an answer to its form.
const FORM_IS_REFUSED: [&str; 5] = ["format", "grammar", "schema", "json", "structured"];

/// How an answer is held to its form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// `format` with the schema: the model can write nothing else.
    #[default]
    Schema,
    /// `format: "json"`: it writes some JSON object.
    Json,
    /// By words alone.
    Words,
}

impl Form {
    /// What is left once it was refused; none when the refusal is about something else.
    pub(super) fn without(self, refusal: &Refusal) -> Option<Self> {
        let complaint = refusal.complaint();
        let is_refused = matches!(refusal.kind(), ErrorKind::Rejected | ErrorKind::Broken)
            && FORM_IS_REFUSED.iter().any(|word| complaint.contains(word));
        match self {
            _ if !is_refused => None,
            Self::Schema => Some(Self::Json),
            Self::Json => Some(Self::Words),
            Self::Words => None,
        }
    }
}

/// The body of `POST /api/chat`.
#[derive(Debug, Serialize)]
pub(super) struct ChatRequest {
    model: String,
    messages: Vec<ChatMessage>,
    stream: bool,
    /// What is longer than the window is refused, and not cut without a word.
    truncate: bool,
    keep_alive: &'static str,
    options: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Value>,
}

#[derive(Debug, Serialize)]
struct ChatMessage {
    role: &'static str,
    content: String,
}

impl ChatRequest {
    pub(super) fn new(request: &Request, model: &str, known: Known) -> Self {
        let messages = request.messages_to_answer(true).into_iter();
        let mut messages: Vec<ChatMessage> = messages
            .map(|message| ChatMessage { role: message.role.as_str(), content: message.content })
            .collect();
        if let (Some(schema), Some(first)) = (&request.schema, messages.first_mut()) {
            let is_left_out = known.form != Form::Schema || request.written.is_some();
            first.content = words::with_form(&first.content, schema, is_left_out);
        }
        let format = request.schema.as_ref().filter(|_| request.written.is_none());
        let format = format.and_then(|schema| match known.form {
            Form::Schema => Some(schema.clone()),
            Form::Json => Some("json".into()),
            Form::Words => None,
        });
        Self {
            model: model.to_owned(),
            messages,
            stream: true,
            truncate: false,
            keep_alive: KEEP_ALIVE,
            options: json!({"num_ctx": known.window.tokens(), "temperature": TEMPERATURE}),
            format,
        }
    }
}
