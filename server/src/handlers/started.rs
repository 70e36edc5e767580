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

use crate::{
    access::Space,
    dialects::{Cursor, HEADERS},
    problem::{self, Refusal},
};

/// Where to begin a stream whose request may start a generation. A client that reconnects sends
/// `Last-Event-ID` and goes on with the generation it names; any other starts a new one on `text`.
pub(crate) async fn resume_or_start(
    engine: &Engine,
    space: &Space,
    headers: &HeaderMap,
    text: String,
) -> Result<Cursor, Refusal> {
    if let Some(cursor) = resumed(headers)? {
        return Ok(cursor);
    }
    let generation = NewGeneration { text, ..NewGeneration::default() };
    let start = Start { generation, owner: space.to_string(), key: None };
    Ok(Cursor { generation: engine.start(start).await?.id, event: 0, chars: 0 })
}

/// Answers a HEAD as the GET would be answered, without starting a generation.
pub(crate) async fn would_stream(
    engine: &Engine,
    space: &Space,
    headers: &HeaderMap,
    text: &str,
) -> Result<Response, Refusal> {
    match resumed(headers)? {
        Some(Cursor { generation, event, .. }) => {
            if let Err(error) = engine.subscribe(space, &generation, event).await {
                return Ok(problem::of_subscribe(error, "Last-Event-ID"));
            }
        }
        None if protocol::is_blank(text) => return Err(StartError::BlankText.into()),
        None => {}
    }
    // A stream, and not an empty body, so that no `Content-Length: 0` is sent: the GET's has none.
    Ok((HEADERS, Body::from_stream(stream::empty::<io::Result<Bytes>>())).into_response())
}

/// The cursor in `Last-Event-ID`, which a client sends when it reconnects.
pub(crate) fn resumed(headers: &HeaderMap) -> Result<Option<Cursor>, Refusal> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let cursor = value.to_str().ok().and_then(Cursor::parse);
    cursor.map(Some).ok_or_else(|| {
        let detail = "Last-Event-ID must be an id that this stream sent.";
        Refusal::parameter("Last-Event-ID", detail)
    })
}
