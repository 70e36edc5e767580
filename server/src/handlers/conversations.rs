use axum::{Extension, Json, extract::State as Shared, response::IntoResponse};
use engine::{Cursor, Engine, StoredTurn};
use http::{HeaderMap, StatusCode};
use protocol::conversation::{ChangeConversation, Conversation, NewTurn, Turn};
use serde::Deserialize;

use super::{
    conversation_streams::no_rendering,
    generations::{LISTED, Page, idempotency_key, page_limit},
    id::{Id, Ids},
};
use crate::{
    access::Space,
    body,
    markdown_blocks::render as render_blocks,
    problem::Refusal,
    query::{Query, within},
    responses::{Grant, ResponseBudget},
};

/// How many messages an answer has when the request does not say, and at most.
pub(crate) const MESSAGES: usize = 1_000;

/// `POST /api/conversations/send`
pub(crate) async fn send(
    Shared(engine): Shared<Engine>,
    space: Space,
    headers: HeaderMap,
    body::Json(turn): body::Json<NewTurn>,
) -> Result<impl IntoResponse, Refusal> {
    let key = idempotency_key(&headers)?;
    let (stored, before) = engine.send(&space, turn, key).await?;
    Ok((StatusCode::ACCEPTED, Json(accepted(stored, &before))))
}

/// The body of `POST …/regenerate`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Again {
    #[serde(default)]
    model: Option<String>,
}

/// `POST /api/conversations/{id}/messages/{message_id}/regenerate`
pub(crate) async fn regenerate(
    Shared(engine): Shared<Engine>,
    space: Space,
    Ids(id, message_id): Ids,
    body: Option<body::Json<Again>>,
) -> Result<impl IntoResponse, Refusal> {
    let body::Json(Again { model }) = body.unwrap_or_default();
    let (stored, before) = engine.regenerate(&space, id, message_id, model).await?;
    Ok((StatusCode::ACCEPTED, Json(accepted(stored, &before))))
}

/// The response about a turn that was stored.
pub(crate) fn accepted(stored: StoredTurn, before: &Cursor) -> Turn {
    let StoredTurn { conversation_id, message_id, reply_id, .. } = stored;
    let events = format!("/api/conversations/{conversation_id}/stream?after={before}");
    Turn { conversation_id, message_id, reply_id, events }
}

/// `GET /api/conversations`
pub(crate) async fn list(
    Shared(engine): Shared<Engine>,
    space: Space,
    Query(page): Query<Page>,
) -> Result<impl IntoResponse, Refusal> {
    let limit = page_limit(&page, LISTED)?;
    Ok(Json(engine.conversations(&space, &page.query, page.before.as_deref(), limit).await?))
}

#[derive(Deserialize)]
pub(crate) struct RenderQuery {
    render: Option<String>,
}

/// `GET /api/conversations/{id}`
pub(crate) async fn show(
    Shared(engine): Shared<Engine>,
    space: Space,
    Shared(responses): Shared<ResponseBudget>,
    Extension(grant): Extension<Grant>,
    Id(id): Id,
    Query(page): Query<Page>,
    Query(RenderQuery { render }): Query<RenderQuery>,
) -> Result<impl IntoResponse, Refusal> {
    let renders = match render.as_deref() {
        None | Some("text") => false,
        Some("blocks") => true,
        Some(_) => return Err(no_rendering()),
    };
    let limit = within("limit", "whole number", page.limit.as_deref(), 1..=MESSAGES, MESSAGES)?;
    let read = async || {
        let mut conversation = found(&engine, &space, &id, page.before.as_deref(), limit).await?;
        if renders {
            render_blocks(&mut conversation);
        }
        Ok(conversation)
    };
    Ok(Json(responses.read(&grant, read).await?))
}

/// A conversation, or the refusal that there is none.
pub(crate) async fn found(
    engine: &Engine,
    space: &Space,
    id: &str,
    before: Option<&str>,
    limit: usize,
) -> Result<Conversation, Refusal> {
    let conversation = engine.conversation(space, id, before, limit).await?;
    conversation.ok_or_else(|| Refusal::unknown("conversation"))
}

/// `PATCH /api/conversations/{id}`
pub(crate) async fn change(
    Shared(engine): Shared<Engine>,
    space: Space,
    Shared(responses): Shared<ResponseBudget>,
    Extension(grant): Extension<Grant>,
    Id(id): Id,
    body::Json(change): body::Json<ChangeConversation>,
) -> Result<impl IntoResponse, Refusal> {
    engine.change_conversation(&space, &id, change).await?;
    let read = async || found(&engine, &space, &id, None, MESSAGES).await;
    Ok(Json(responses.read(&grant, read).await?))
}

/// `POST /api/conversations/{id}/stop`
pub(crate) async fn stop(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    if engine.stop_reply(&space, &id).await? {
        Ok(StatusCode::ACCEPTED)
    } else {
        Err(Refusal::unknown("conversation"))
    }
}

/// `DELETE /api/conversations/{id}`
pub(crate) async fn delete(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    if engine.delete_conversation(&space, &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::unknown("conversation"))
    }
}
