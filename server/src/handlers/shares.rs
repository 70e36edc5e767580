use axum::{
    Json,
    extract::State as Shared,
    response::{IntoResponse, Response},
};
use engine::{Engine, Share, ShareSubject};
use http::{HeaderMap, StatusCode};
use protocol::{ShareLink, Shares};
use serde::Deserialize;

use super::id::Id;
use crate::{access::Space, body, plain, problem::Refusal, state::State};

/// `POST /api/generations/{id}/share`
pub(crate) async fn share_generation(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
) -> Result<impl IntoResponse, Refusal> {
    let share = engine.share_generation(&space, &id).await?;
    let share = share.ok_or_else(Refusal::not_found)?;
    Ok((StatusCode::CREATED, Json(link(&share))))
}

/// Which branch is shared: by default the one that is shown.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Branch {
    #[serde(default)]
    leaf_id: Option<String>,
}

/// `POST /api/conversations/{id}/share`
pub(crate) async fn share_conversation(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
    body: Option<body::Json<Branch>>,
) -> Result<impl IntoResponse, Refusal> {
    let body::Json(Branch { leaf_id }) = body.unwrap_or_default();
    let share = engine.share_branch(&space, &id, leaf_id).await?;
    let share = share.ok_or_else(|| Refusal::unknown("conversation or message"))?;
    Ok((StatusCode::CREATED, Json(link(&share))))
}

/// `GET /api/shares`
pub(crate) async fn list(
    Shared(engine): Shared<Engine>,
    space: Space,
) -> Result<impl IntoResponse, Refusal> {
    let shares = engine.shares(&space).await?.into_iter().map(listed).collect();
    Ok(Json(Shares { shares }))
}

/// `DELETE /api/shares/{id}`
pub(crate) async fn withdraw(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    if engine.withdraw_share(&space, &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::unknown("share"))
    }
}

/// `GET /s/{id}`: what is shared, for anyone.
pub(crate) async fn show(
    Shared(state): Shared<State>,
    headers: HeaderMap,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let view = state.engine.shared(&id).await?;
    Ok(plain::shared(&state, &headers, view))
}

/// The answer to what shares something.
pub(crate) fn link(share: &Share) -> ShareLink {
    ShareLink { id: share.id.clone(), url: url(&share.id) }
}

fn url(id: &str) -> String {
    format!("/s/{id}")
}

fn listed(share: Share) -> protocol::Shared {
    let (generation_id, conversation_id, leaf_id) = match share.subject {
        ShareSubject::Generation(id) => (Some(id), None, None),
        ShareSubject::Branch { conversation_id, leaf_id } => {
            (None, Some(conversation_id), Some(leaf_id))
        }
    };
    let (url, created_ms) = (url(&share.id), share.created_ms);
    protocol::Shared { id: share.id, url, generation_id, conversation_id, leaf_id, created_ms }
}
