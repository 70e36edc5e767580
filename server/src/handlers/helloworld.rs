use axum::{extract::State as Shared, response::Response};
use http::{HeaderMap, Method};
use serde::Deserialize;

use super::started::{resume_or_start, would_stream};
use crate::{
    access::Space,
    dialects::{Encoded, Helloworld},
    problem::{self, Refusal},
    query::Query,
    state::State,
};

/// The text that is summarised when the request has none.
const SAMPLE: &str = include_str!("sample.zh.txt");

/// The query of `GET /helloworld`.
#[derive(Deserialize)]
pub(crate) struct TextQuery {
    text: Option<String>,
}

/// `GET /helloworld`: starts a generation and streams it, or goes on with the one that
/// `Last-Event-ID` names. A HEAD starts nothing.
pub(crate) async fn stream(
    method: Method,
    Shared(state): Shared<State>,
    space: Space,
    Query(query): Query<TextQuery>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let text = query.text.unwrap_or_else(|| SAMPLE.to_owned());
    if method == Method::HEAD {
        return would_stream(&state.engine, &space, &headers, &text).await;
    }
    let cursor = resume_or_start(&state.engine, &space, &headers, text).await?;
    Ok(match state.engine.subscribe(&space, &cursor.generation, cursor.event).await {
        Ok(subscription) => {
            state.sse_response(Encoded::new(subscription, Helloworld::new(cursor.generation)))
        }
        Err(error) => problem::of_subscribe(error, "Last-Event-ID"),
    })
}
