use axum::{
    extract::{FromRequestParts, State as Shared},
    response::Response,
};
use engine::{Cursor, StreamError};
use http::request::Parts;
use serde::Deserialize;

use super::{events::fps, id::Id};
use crate::{
    access::Space,
    dialects::conversation::{Accumulated, ConversationDialect, Conversations, Native, Rendering},
    problem::Refusal,
    query::{Query, flag},
    state::State,
};

/// How often pieces come at most that bear the whole text, unless the client says otherwise: what
/// they amount to grows with the square of the text.
const ACCUMULATED_FPS: u32 = 20;

/// The place after which a client wants to go on: `Last-Event-ID`, or else `?after=`.
pub(crate) struct AfterPlace {
    cursor: Option<Cursor>,
    /// The name of the header or parameter that gave it, for refusals.
    given_by: &'static str,
}

#[derive(Deserialize)]
struct AfterQuery {
    after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for AfterPlace {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Query(query) = Query::<AfterQuery>::from_request_parts(parts, state).await?;
        let header = parts.headers.get("last-event-id");
        let (name, text) = match (header, &query.after) {
            (Some(value), _) => ("Last-Event-ID", value.to_str().unwrap_or_default()),
            (None, Some(after)) => ("after", after.as_str()),
            (None, None) => return Ok(Self { cursor: None, given_by: "after" }),
        };
        let cursor = text.parse().map_err(|_| foreign(name))?;
        Ok(Self { cursor: Some(cursor), given_by: name })
    }
}

fn foreign(name: &str) -> Refusal {
    Refusal::parameter(name, format!("{name} must be an id that a conversation stream sent."))
}

#[derive(Deserialize)]
pub(crate) struct StreamQuery {
    fps: Option<String>,
    render: Option<String>,
    accumulated: Option<String>,
}

/// `GET /api/conversations/stream`
pub(crate) async fn all(
    Shared(state): Shared<State>,
    space: Space,
    after: AfterPlace,
    Query(query): Query<StreamQuery>,
) -> Result<Response, Refusal> {
    native(&state, space, None, after, &query).await
}

/// `GET /api/conversations/{id}/stream`
pub(crate) async fn one(
    Shared(state): Shared<State>,
    space: Space,
    Id(id): Id,
    after: AfterPlace,
    Query(query): Query<StreamQuery>,
) -> Result<Response, Refusal> {
    native(&state, space, Some(id), after, &query).await
}

/// `GET /api/v1/conversations/{id}/stream`
pub(crate) async fn accumulated(
    Shared(state): Shared<State>,
    space: Space,
    Id(id): Id,
    after: AfterPlace,
    Query(query): Query<StreamQuery>,
) -> Result<Response, Refusal> {
    let fps = fps(query.fps.as_deref())?;
    if flag("accumulated", query.accumulated.as_deref())? {
        let fps = Some(fps.unwrap_or(ACCUMULATED_FPS));
        stream(&state, space, Some(id), after, Accumulated::default(), fps).await
    } else {
        stream(&state, space, Some(id), after, Native, fps).await
    }
}

async fn native(
    state: &State,
    space: Space,
    id: Option<String>,
    after: AfterPlace,
    query: &StreamQuery,
) -> Result<Response, Refusal> {
    let fps = fps(query.fps.as_deref())?;
    match query.render.as_deref() {
        None | Some("text") => stream(state, space, id, after, Native, fps).await,
        Some("blocks") => stream(state, space, id, after, Rendering::default(), fps).await,
        Some(_) => Err(no_rendering()),
    }
}

/// The refusal of a rendering that there is not.
pub(super) fn no_rendering() -> Refusal {
    Refusal::invalid("render", "`render` must be `text` or `blocks`.")
}

async fn stream<D: ConversationDialect>(
    state: &State,
    space: Space,
    id: Option<String>,
    after: AfterPlace,
    dialect: D,
    fps: Option<u32>,
) -> Result<Response, Refusal> {
    let stream = state.engine.follow_conversations(&space, id, after.cursor).await;
    let mut stream = stream.map_err(|error| match error {
        StreamError::UnknownPlace => foreign(after.given_by),
        StreamError::UnknownConversation => Refusal::unknown("conversation"),
        StreamError::Store(error) => error.into(),
    })?;
    stream.give_prior_texts().await?;
    let seq = stream.cursor().seq();
    Ok(state.sse_response_with(seq, |connection| {
        Conversations::new(stream, connection.id(), dialect, fps)
    }))
}
