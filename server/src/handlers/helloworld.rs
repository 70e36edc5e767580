use std::sync::Arc;

use axum::{
    extract::{Query, State as Shared, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use engine::{Engine, Start};
use http::HeaderMap;
use protocol::NewGeneration;
use serde::Deserialize;

use super::generations::OWNER;
use crate::{
    config::Config,
    dialects::{self, Helloworld},
    problem::{self, Refusal},
};

/// What is read when nothing else is given.
const SAMPLE: &str = include_str!("sample.zh.txt");

/// The query of `GET /helloworld`.
#[derive(Deserialize)]
pub(crate) struct Asked {
    text: Option<String>,
}

/// `GET /helloworld`: starts a generation and streams it, or goes on with the one that
/// `Last-Event-ID` names.
pub(crate) async fn stream(
    Shared(engine): Shared<Engine>,
    Shared(config): Shared<Arc<Config>>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|error| Refusal::parameter("text", error.body_text()))?;
    let (id, after) = match headers.get("last-event-id") {
        Some(value) => Helloworld::cursor(value.to_str().unwrap_or_default()).ok_or_else(|| {
            Refusal::parameter("Last-Event-ID", "Last-Event-ID must be an id that this stream sent.")
        })?,
        None => (start(&engine, asked.text).await?, 0),
    };
    Ok(match engine.follow(&id, after).await {
        Ok(follow) => dialects::respond(follow, Helloworld::new(id), config.heartbeat),
        Err(error) => problem::of_follow(error).into_response(),
    })
}

async fn start(engine: &Engine, text: Option<String>) -> Result<String, Refusal> {
    let text = text.unwrap_or_else(|| SAMPLE.to_owned());
    let generation = NewGeneration { text, ..NewGeneration::default() };
    let start = Start { generation, owner: OWNER.to_owned(), key: None };
    Ok(engine.start(start).await?.id)
}
