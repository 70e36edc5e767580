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
    problem::Refusal,
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
pub(crate) fn would_stream(headers: &HeaderMap, text: &str) -> Result<Response, Refusal> {
    if resumed(headers)?.is_none() && protocol::is_blank(text) {
        return Err(StartError::BlankText.into());
    }
    // Of a length that nobody knows.
    Ok((HEADERS, Body::from_stream(stream::empty::<io::Result<Bytes>>())).into_response())
}

fn resumed(headers: &HeaderMap) -> Result<Option<Cursor>, Refusal> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let cursor = value.to_str().ok().and_then(Cursor::parse);
    cursor.map(Some).ok_or_else(|| {
        let detail = "Last-Event-ID must be an id that this stream sent.";
        Refusal::parameter("Last-Event-ID", detail)
    })
}
