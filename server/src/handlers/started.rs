use std::io;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use engine::{Engine, Start, StartError};
use futures::stream;
use http::HeaderMap;
use protocol::NewGeneration;

use super::generations::OWNER;
use crate::{
    dialects::{Cursor, HEADERS},
    problem::{self, Refusal},
};

/// Where a stream begins that starts its own generation: where `Last-Event-ID` says, or with a
/// new generation that reads `text`. A client that comes back starts nothing twice.
pub(crate) async fn resume_or_start(
    engine: &Engine,
    headers: &HeaderMap,
    text: String,
) -> Result<Cursor, Refusal> {
    if let Some(cursor) = resumed(headers)? {
        return Ok(cursor);
    }
    let generation = NewGeneration { text, ..NewGeneration::default() };
    let start = Start { generation, owner: OWNER.to_owned(), key: None };
    Ok(Cursor { generation: engine.start(start).await?.id, event: 0, chars: 0 })
}

/// Answers a HEAD as the GET would be, but starts nothing.
pub(crate) async fn would_stream(
    engine: &Engine,
    headers: &HeaderMap,
    text: &str,
) -> Result<Response, Refusal> {
    match resumed(headers)? {
        Some(Cursor { generation, event, .. }) => {
            if let Err(error) = engine.subscribe(OWNER, &generation, event).await {
                return Ok(problem::of_subscribe(error, "Last-Event-ID"));
            }
        }
        None if protocol::is_blank(text) => return Err(StartError::BlankText.into()),
        None => {}
    }
    // Of a length that nobody knows.
    Ok((HEADERS, Body::from_stream(stream::empty::<io::Result<Bytes>>())).into_response())
}

/// Where a client comes back to.
pub(crate) fn resumed(headers: &HeaderMap) -> Result<Option<Cursor>, Refusal> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let cursor = value.to_str().ok().and_then(Cursor::parse);
    cursor.map(Some).ok_or_else(|| {
        let detail = "Last-Event-ID must be an id that this stream sent.";
        Refusal::parameter("Last-Event-ID", detail)
    })
}
