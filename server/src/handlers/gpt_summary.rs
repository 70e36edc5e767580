use axum::{extract::State as Shared, response::Response};
use http::{HeaderMap, Method, StatusCode};
use protocol::ProblemCode;
use serde::Deserialize;

use super::started::{resume_or_start, resumed, would_stream};
use crate::{
    access::Space,
    body::Json,
    dialects::{Cursor, Encoded, GptSummary},
    problem::{self, Refusal},
    query::Query,
    state::State,
};

/// The text to summarise, in the query or in the body.
#[derive(Default, Deserialize)]
pub(crate) struct SummaryRequest {
    content: Option<String>,
}

/// `GET /gpt/summary?content=`. A HEAD starts nothing.
pub(crate) async fn from_query(
    method: Method,
    Shared(state): Shared<State>,
    space: Space,
    Query(request): Query<SummaryRequest>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let content = content(&headers, request)?;
    if method == Method::HEAD {
        if let Some(cursor) = resumed(&headers)? {
            refuse_beyond(&state, &space, &cursor).await?;
        }
        return would_stream(&state.engine, &space, &headers, &content).await;
    }
    stream(&state, &space, &headers, content).await
}

/// `POST /gpt/summary` with `{"content"}`, or else with the query of the GET.
pub(crate) async fn from_body(
    Shared(state): Shared<State>,
    space: Space,
    Query(query): Query<SummaryRequest>,
    headers: HeaderMap,
    body: Option<Json<SummaryRequest>>,
) -> Result<Response, Refusal> {
    let Json(body) = body.unwrap_or_default();
    let request = SummaryRequest { content: body.content.or(query.content) };
    stream(&state, &space, &headers, content(&headers, request)?).await
}

/// Refuses a cursor that counts more characters than the summary has.
async fn refuse_beyond(state: &State, space: &Space, cursor: &Cursor) -> Result<(), Refusal> {
    if cursor.chars == 0 {
        return Ok(());
    }
    let snapshot = state.engine.snapshot(space, &cursor.generation).await?;
    let summary = snapshot.as_ref().and_then(|snapshot| snapshot.document.text("summary"));
    let chars = summary.map_or(0, |summary| summary.chars().count());
    if snapshot.is_none() || cursor.chars <= chars {
        return Ok(());
    }
    let detail = format!("The summary has {chars} characters so far: the id is of none of these.");
    Err(Refusal::parameter("Last-Event-ID", detail))
}

/// The text to summarise. A client that resumes a stream need not send it again.
fn content(headers: &HeaderMap, request: SummaryRequest) -> Result<String, Refusal> {
    let content = request.content.filter(|content| !protocol::is_blank(content));
    if content.is_none() && !headers.contains_key("last-event-id") {
        let detail = "Nothing was given to read: pass `content` in the query or in a JSON body.";
        let status = StatusCode::BAD_REQUEST;
        return Err(Refusal::new(status, ProblemCode::InvalidField, detail).field("content"));
    }
    Ok(content.unwrap_or_default())
}

async fn stream(
    state: &State,
    space: &Space,
    headers: &HeaderMap,
    content: String,
) -> Result<Response, Refusal> {
    let cursor = resume_or_start(&state.engine, space, headers, content).await?;
    refuse_beyond(state, space, &cursor).await?;
    Ok(match state.engine.subscribe(space, &cursor.generation, cursor.event).await {
        Ok(subscription) => state.sse_response(Encoded::new(subscription, GptSummary::new(cursor))),
        Err(error) => problem::of_subscribe(error, "Last-Event-ID"),
    })
}
