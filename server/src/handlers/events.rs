use std::ops::RangeInclusive;

use axum::{
    extract::{FromRequestParts, State as Shared},
    response::Response,
};
use http::{HeaderValue, request::Parts};
use serde::Deserialize;

use super::id::Id;
use crate::{
    access::Space,
    dialects::{AgUi, Dialect, Encoded, Native, Patches, UI_MESSAGES_HEADER, UiMessages},
    problem::{self, Refusal},
    query::{Query, within},
    state::State,
};

/// The event after which a client wants to go on: the larger of `Last-Event-ID` and `?after=`.
pub(crate) struct After {
    pub(crate) id: u64,
    /// The name of the header or parameter that gave it, for refusals.
    pub(crate) given_by: &'static str,
}

#[derive(Deserialize)]
struct AfterQuery {
    after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for After {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let header = match parts.headers.get("last-event-id") {
            Some(value) => cursor("Last-Event-ID", value.to_str().unwrap_or_default())?,
            None => 0,
        };
        let Query(query) = Query::<AfterQuery>::from_request_parts(parts, state).await?;
        let query = match &query.after {
            Some(value) => cursor("after", value)?,
            None => 0,
        };
        Ok(if query > header {
            Self { id: query, given_by: "after" }
        } else {
            Self { id: header, given_by: "Last-Event-ID" }
        })
    }
}

/// The rates that a client may ask for, in sends a second.
const FPS: RangeInclusive<u32> = 1..=1000;

#[derive(Deserialize)]
pub(crate) struct PaceQuery {
    fps: Option<String>,
}

/// How many sends a second the client asked for.
pub(super) fn fps(value: Option<&str>) -> Result<Option<u32>, Refusal> {
    value.map(|fps| within("fps", "whole number", Some(fps), FPS, 1)).transpose()
}

fn cursor(name: &str, value: &str) -> Result<u64, Refusal> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse() {
        Ok(cursor) if digits => Ok(cursor),
        _ => Err(Refusal::parameter(
            name,
            format!("{name} must be the id of an event: a whole number from 0 on."),
        )),
    }
}

/// `GET /api/generations/{id}/events`
pub(crate) async fn stream(
    Shared(state): Shared<State>,
    space: Space,
    Id(id): Id,
    after: After,
    Query(PaceQuery { fps }): Query<PaceQuery>,
) -> Result<Response, Refusal> {
    let fps = self::fps(fps.as_deref())?;
    Ok(match state.engine.subscribe(&space, &id, after.id).await {
        Ok(subscription) => {
            let events = Encoded::new(subscription, Native);
            state.sse_response(match fps {
                Some(fps) => events.at_most(fps),
                None => events,
            })
        }
        Err(error) => problem::of_subscribe(error, after.given_by),
    })
}

/// `GET /api/generations/{id}/patches`
pub(crate) async fn patches(
    Shared(state): Shared<State>,
    space: Space,
    Id(id): Id,
    after: After,
) -> Response {
    let dialect = Patches::after(after.id);
    whole(&state, &space, &id, &after, dialect).await
}

/// `GET /api/generations/{id}/ui-messages`
pub(crate) async fn ui_messages(
    Shared(state): Shared<State>,
    space: Space,
    Id(id): Id,
    after: After,
) -> Response {
    let mut response = whole(&state, &space, &id, &after, UiMessages::after(after.id)).await;
    let (name, value) = UI_MESSAGES_HEADER;
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

/// `GET /api/generations/{id}/ag-ui`
pub(crate) async fn ag_ui(
    Shared(state): Shared<State>,
    space: Space,
    Id(id): Id,
    after: After,
) -> Response {
    let dialect = AgUi::after(&id, after.id);
    whole(&state, &space, &id, &after, dialect).await
}

/// A stream in a dialect that depends on what was before: the log is read from its first event.
async fn whole(
    state: &State,
    space: &Space,
    id: &str,
    after: &After,
    dialect: impl Dialect,
) -> Response {
    // The first call only checks `after`.
    if let Err(error) = state.engine.subscribe(space, id, after.id).await {
        return problem::of_subscribe(error, after.given_by);
    }
    match state.engine.subscribe(space, id, 0).await {
        Ok(subscription) => state.sse_response(Encoded::new(subscription, dialect)),
        Err(error) => problem::of_subscribe(error, after.given_by),
    }
}
