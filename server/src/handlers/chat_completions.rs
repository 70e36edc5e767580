use axum::{
    Json,
    extract::State as Shared,
    response::{IntoResponse, Response},
};
use engine::{Completion, Start};
use http::{HeaderMap, StatusCode};
use llm::{Message, Request, Role};
use protocol::{AskedShape, FailureCode, NewGeneration, Problem, Shape, Snapshot, Status};
use serde::Deserialize;
use serde_json::{Value, json};

use super::generations::idempotency_key;
use super::started::resumed;
use crate::{
    access::Space,
    body,
    dialects::{ChatCompletion, Cursor, Encoded, chat_completion},
    problem::{self, Refusal},
    state::State,
};

/// The model that stands for the server's own.
const OWN_MODEL: &str = "unspool";

/// The body of OpenAI's `POST /v1/chat/completions`. What is not known is left to the provider.
#[derive(Deserialize)]
pub(crate) struct ChatRequest {
    model: Option<String>,
    messages: Vec<ChatMessage>,
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
    response_format: Option<Value>,
    /// Our own: the document to make of the last message.
    shape: Option<AskedShape>,
}

#[derive(Deserialize)]
struct StreamOptions {
    include_usage: Option<bool>,
}

#[derive(Deserialize)]
struct ChatMessage {
    role: String,
    content: Option<Value>,
}

/// A refusal as OpenAI's clients read it.
pub(crate) struct ChatError(Refusal);

impl From<Refusal> for ChatError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for ChatError {
    fn into_response(self) -> Response {
        let Problem { status, code, detail, field, .. } = &self.0.0;
        let kind = if *status < 500 { "invalid_request_error" } else { "server_error" };
        let error = json!({"error": {
            "message": detail, "type": kind, "param": field, "code": code,
        }});
        let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(error)).into_response()
    }
}

/// `POST /v1/chat/completions`: messages are answered in plain text or, with a `shape`, the last one is
/// made a document of. A client that comes back to a stream with `Last-Event-ID` goes on.
pub(crate) async fn create(
    Shared(state): Shared<State>,
    space: Space,
    headers: HeaderMap,
    body: Result<body::Json<ChatRequest>, Refusal>,
) -> Result<Response, ChatError> {
    let body::Json(asked) = body?;
    let is_streamed = asked.stream.unwrap_or_default();
    let options = asked.stream_options.as_ref();
    let includes_usage = options.and_then(|options| options.include_usage).unwrap_or_default();
    let (snapshot, after) = match resumed(&headers)? {
        Some(Cursor { generation, event, .. }) => {
            let found = state.engine.snapshot(&space, &generation).await.map_err(Refusal::from)?;
            (found.ok_or_else(Refusal::not_found)?, event)
        }
        None => (start(&state, &space, &headers, asked).await?, 0),
    };
    if is_streamed {
        return stream(&state, &space, snapshot, after, includes_usage).await;
    }
    whole(&state, &space, &snapshot.id).await
}

async fn start(
    state: &State,
    space: &Space,
    headers: &HeaderMap,
    asked: ChatRequest,
) -> Result<Snapshot, ChatError> {
    let key = idempotency_key(headers)?;
    let owner = space.to_string();
    let model = asked.model.filter(|model| !model.is_empty() && model != OWN_MODEL);
    let messages = messages(asked.messages)?;
    let started = if let Some(shape) = asked.shape {
        let text = messages.into_iter().rfind(|message| message.role == Role::User);
        let text = text.map(|message| message.content).unwrap_or_default();
        let generation =
            NewGeneration { text, model, shape: Some(shape), ..NewGeneration::default() };
        state.engine.start(Start { generation, owner, key }).await
    } else {
        let schema = asked.response_format.and_then(schema);
        let request = Request { schema, model, ..Request::text(messages, None) };
        state.engine.start_completion(Completion { request, owner, key }).await
    };
    Ok(started.map_err(Refusal::from)?)
}

/// The schema of a structured answer. `json_object` asks for any object.
fn schema(mut format: Value) -> Option<Value> {
    match format.get("type").and_then(Value::as_str) {
        Some("json_schema") => Some(format["json_schema"]["schema"].take()),
        Some("json_object") => Some(json!({"type": "object"})),
        _ => None,
    }
}

fn messages(messages: Vec<ChatMessage>) -> Result<Vec<Message>, Refusal> {
    messages
        .into_iter()
        .enumerate()
        .map(|(at, message)| {
            let role = match message.role.as_str() {
                "system" | "developer" => Role::System,
                "user" => Role::User,
                "assistant" => Role::Assistant,
                _ => {
                    let accepted = "system, developer, user and assistant are accepted";
                    let field = format!("messages[{at}].role");
                    return Err(Refusal::invalid(
                        &field,
                        format!("The role is unknown; {accepted}."),
                    ));
                }
            };
            let content = content(message.content.unwrap_or_default()).ok_or_else(|| {
                let field = format!("messages[{at}].content");
                Refusal::invalid(&field, "A text is accepted, or parts of the type `text`.")
            })?;
            Ok(Message { role, content })
        })
        .collect()
}

/// The text of a message, which may come in parts.
fn content(content: Value) -> Option<String> {
    match content {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text),
        Value::Array(parts) => {
            let text = |part: &Value| Some(part.get("text")?.as_str()?.to_owned());
            parts.iter().map(text).collect::<Option<Vec<_>>>().map(|texts| texts.join("\n"))
        }
        _ => None,
    }
}

async fn stream(
    state: &State,
    space: &Space,
    snapshot: Snapshot,
    after: u64,
    includes_usage: bool,
) -> Result<Response, ChatError> {
    let is_text = snapshot.shape == Shape::COMPLETION.name;
    // A document is sent whole, so that it is read from its first event.
    let from = if is_text { after } else { 0 };
    let dialect = ChatCompletion {
        id: snapshot.id.clone(),
        model: snapshot.model,
        created_s: snapshot.created_ms / 1000,
        includes_usage,
        document: (!is_text).then(Snapshot::default),
    };
    Ok(match state.engine.subscribe(space, &snapshot.id, from).await {
        Ok(subscription) => state.sse_response(Encoded::new(subscription, dialect)),
        Err(error) => problem::of_subscribe(error, "Last-Event-ID"),
    })
}

/// The whole completion, once it has ended.
async fn whole(state: &State, space: &Space, id: &str) -> Result<Response, ChatError> {
    if let Ok(mut subscription) = state.engine.subscribe(space, id, 0).await {
        while let Some(_batch) = subscription.next().await.map_err(Refusal::from)? {}
    }
    let snapshot = state.engine.snapshot(space, id).await.map_err(Refusal::from)?;
    let snapshot = snapshot.ok_or_else(Refusal::not_found)?;
    let is_text = snapshot.shape == Shape::COMPLETION.name;
    let is_cut = |snapshot: &Snapshot| {
        let code = snapshot.error.as_ref().map(|failure| failure.code);
        is_text && code == Some(FailureCode::TruncatedOutput)
    };
    if let Some(failure) = snapshot.error.as_ref().filter(|_| !is_cut(&snapshot)) {
        let status = match failure.code {
            FailureCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            FailureCode::InputTooLong | FailureCode::ProviderRejected => StatusCode::BAD_REQUEST,
            FailureCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
            FailureCode::Interrupted => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_GATEWAY,
        };
        return Ok((status, Json(chat_completion::error_of(failure))).into_response());
    }
    let content = if is_text {
        Shape::COMPLETION.text_of(&snapshot).to_owned()
    } else {
        snapshot.document.root().to_string()
    };
    let finish = if snapshot.status == Status::Failed { "length" } else { "stop" };
    Ok(Json(json!({
        "id": chat_completion::completion_id(&snapshot.id),
        "object": "chat.completion",
        "created": snapshot.created_ms / 1000,
        "model": snapshot.model,
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": content, "refusal": null},
            "logprobs": null,
            "finish_reason": finish,
        }],
        "usage": chat_completion::usage_of(snapshot.usage),
    }))
    .into_response())
}
