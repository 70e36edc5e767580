use axum::{Extension, Json, extract::State as Shared, response::IntoResponse};
use engine::{Engine, Start};
use http::{HeaderMap, StatusCode, header};
use protocol::{Accepted, NewGeneration, Snapshot};
use serde::Deserialize;

use super::id::Id;
use crate::{
    access::Space,
    body,
    problem::Refusal,
    query::{Query, within},
    responses::{Grant, ResponseBudget},
};

/// Longest `Idempotency-Key` in bytes.
const KEY_BYTES: usize = 255;

/// How many generations a page of the history lists when the request does not say.
pub(crate) const LISTED: usize = 20;

/// How many generations a page of the history can list at most.
const MOST_LISTED: usize = 100;

/// `POST /api/generations`
pub(crate) async fn create(
    Shared(engine): Shared<Engine>,
    space: Space,
    headers: HeaderMap,
    body::Json(generation): body::Json<NewGeneration>,
) -> Result<impl IntoResponse, Refusal> {
    let key = idempotency_key(&headers)?;
    let start = Start { generation, owner: space.to_string(), key };
    let accepted = accepted(engine.start(start).await?);
    let location = format!("/api/generations/{}", accepted.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(accepted)))
}

/// The response about a generation that was started.
pub(crate) fn accepted(snapshot: Snapshot) -> Accepted {
    let events = format!("/api/generations/{}/events", snapshot.id);
    Accepted { id: snapshot.id, events, status: snapshot.status }
}

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=KEY_BYTES).contains(&key.len()) && values.next().is_none() => {
            Ok(Some(key.to_owned()))
        }
        _ => Err(Refusal::parameter(
            "Idempotency-Key",
            format!("There may be one Idempotency-Key, of 1 to {KEY_BYTES} ASCII characters."),
        )),
    }
}

/// `GET /api/generations/{id}`
pub(crate) async fn show(
    Shared(engine): Shared<Engine>,
    space: Space,
    Shared(responses): Shared<ResponseBudget>,
    Extension(grant): Extension<Grant>,
    Id(id): Id,
) -> Result<impl IntoResponse, Refusal> {
    let read = async || engine.snapshot(&space, &id).await?.ok_or_else(Refusal::not_found);
    let snapshot = responses.read(&grant, read).await?;
    Ok(Json(snapshot))
}

/// `POST /api/generations/{id}/stop`
pub(crate) async fn stop(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    if engine.stop(&space, &id).await? {
        Ok(StatusCode::ACCEPTED)
    } else {
        Err(Refusal::not_found())
    }
}

/// `DELETE /api/generations/{id}`
pub(crate) async fn delete(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    if engine.delete(&space, &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::not_found())
    }
}

/// The query of a list that comes a page at a time.
#[derive(Deserialize)]
pub(crate) struct Page {
    #[serde(default)]
    pub(super) query: String,
    pub(super) before: Option<String>,
    pub(super) limit: Option<String>,
}

/// How many things the page is to list.
pub(super) fn page_limit(page: &Page, default: usize) -> Result<usize, Refusal> {
    within("limit", "whole number", page.limit.as_deref(), 1..=MOST_LISTED, default)
}

/// `GET /api/generations`
pub(crate) async fn list(
    Shared(engine): Shared<Engine>,
    space: Space,
    Query(page): Query<Page>,
) -> Result<impl IntoResponse, Refusal> {
    let limit = page_limit(&page, LISTED)?;
    let listing = engine.list(&space, &page.query, page.before.as_deref(), limit).await?;
    Ok(Json(listing))
}
