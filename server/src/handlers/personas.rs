use axum::{Json, extract::State as Shared, response::IntoResponse};
use engine::Engine;
use http::{StatusCode, header};
use protocol::conversation::{ChangePersona, NewPersona};

use super::{
    generations::{LISTED, Page, page_limit},
    id::{Id, Ids},
};
use crate::{access::Space, body, problem::Refusal, query::Query};

/// `GET /api/personas`
pub(crate) async fn list(
    Shared(engine): Shared<Engine>,
    space: Space,
    Query(page): Query<Page>,
) -> Result<impl IntoResponse, Refusal> {
    let limit = page_limit(&page, LISTED)?;
    Ok(Json(engine.personas(&space, page.before.as_deref(), limit).await?))
}

/// `POST /api/personas`
pub(crate) async fn create(
    Shared(engine): Shared<Engine>,
    space: Space,
    body::Json(new): body::Json<NewPersona>,
) -> Result<impl IntoResponse, Refusal> {
    let persona = engine.create_persona(&space, new).await?;
    let location = format!("/api/personas/{}", persona.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(persona)))
}

/// `GET /api/personas/{id}`
pub(crate) async fn show(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
) -> Result<impl IntoResponse, Refusal> {
    let persona = engine.persona(&space, &id).await?;
    Ok(Json(persona.ok_or_else(unknown)?))
}

/// `PUT /api/personas/{id}`
pub(crate) async fn change(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
    body::Json(change): body::Json<ChangePersona>,
) -> Result<impl IntoResponse, Refusal> {
    Ok(Json(engine.change_persona(&space, &id, change).await?))
}

/// `DELETE /api/personas/{id}`
pub(crate) async fn delete(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    if engine.delete_persona(&space, &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(unknown())
    }
}

/// `GET /api/personas/{id}/versions`
pub(crate) async fn versions(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
    Query(page): Query<Page>,
) -> Result<impl IntoResponse, Refusal> {
    let limit = page_limit(&page, LISTED)?;
    let versions = engine.persona_versions(&space, &id, page.before.as_deref(), limit).await?;
    Ok(Json(versions.ok_or_else(unknown)?))
}

/// `POST /api/personas/{id}/versions/{n}/restore`
pub(crate) async fn restore(
    Shared(engine): Shared<Engine>,
    space: Space,
    Ids(id, version): Ids,
) -> Result<impl IntoResponse, Refusal> {
    let version = version.parse().map_err(|_| unknown())?;
    Ok(Json(engine.restore_persona(&space, &id, version).await?))
}

/// `POST /api/personas/{id}/training/stop`
pub(crate) async fn stop_training(
    Shared(engine): Shared<Engine>,
    space: Space,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    if engine.stop_training(&space, &id).await? { Ok(StatusCode::ACCEPTED) } else { Err(unknown()) }
}

pub(super) fn unknown() -> Refusal {
    Refusal::unknown("persona")
}
