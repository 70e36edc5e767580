use std::{fs::File, io, sync::Arc, time::Duration};

use axum::{
    Json,
    body::Body,
    extract::State as Shared,
    response::{IntoResponse, Response},
};
use engine::{ArchivePlace, Imported, StoreError};
use futures::stream;
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use protocol::ProblemCode;
use serde::Deserialize;
use tokio::{
    io::AsyncWriteExt,
    time::{Instant, timeout, timeout_at},
};

use crate::{
    access::Space,
    archive::{Format, ImportFile, Rejected, Step, Writer, is_full},
    problem::Refusal,
    query::Query,
    state::State,
};

/// How long a whole file may take to arrive.
const IMPORT_DEADLINE: Duration = Duration::from_secs(15 * 60);

#[derive(Deserialize)]
pub(crate) struct ExportQuery {
    format: Option<String>,
    id: Option<String>,
}

/// `GET /api/export`: all that the space has, or the one document or conversation of that `id`.
pub(crate) async fn export(
    Shared(state): Shared<State>,
    space: Space,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Refusal> {
    let (format, media_type, file) = match query.format.as_deref() {
        None | Some("json") => (Format::Json, "application/json", "unspool.json"),
        Some("markdown") => (Format::Markdown, "text/markdown; charset=utf-8", "unspool.md"),
        Some(_) => {
            return Err(Refusal::invalid("format", "`format` must be `json` or `markdown`."));
        }
    };
    let place = match &query.id {
        None => ArchivePlace::default(),
        Some(id) => {
            let place = state.engine.archive_place(&space, id).await?;
            place.ok_or_else(|| Refusal::unknown("generation or conversation"))?
        }
    };
    let permit = Arc::clone(&state.exports).try_acquire_owned().map_err(|_| {
        Refusal::overloaded("As many exports are on their way as may be at once. Try again soon.")
    })?;
    let is_single = query.id.is_some();
    let engine = state.engine.clone();
    let writer = Writer { engine, space, format, place, is_single, step: Step::default() };
    let pieces = stream::try_unfold((writer, permit), async |(mut writer, permit)| {
        let piece = writer.next().await.map_err(|error| {
            tracing::error!(error = error.with_causes(), "an export broke off");
            io::Error::other("the export broke off")
        })?;
        Ok::<_, io::Error>(piece.map(|piece| (piece, (writer, permit))))
    });
    let disposition = format!("attachment; filename=\"{file}\"");
    let headers =
        [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// `POST /api/import`: takes in a file that an export wrote, all of it or nothing.
pub(crate) async fn import(
    Shared(state): Shared<State>,
    space: Space,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Imported>, Refusal> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !media_type.is_some_and(|it| it.trim().starts_with("application/json")) {
        let detail =
            "The body's Content-Type must be application/json: a file that an export wrote.";
        return Err(Refusal::media_type(detail, "Content-Type"));
    }
    let Ok(_permit) = state.imports.try_acquire() else {
        return Err(Refusal::overloaded("Another import is under way. Try again in a moment."));
    };
    let file = receive(&state, body).await?;
    let length = file.metadata().map_err(|error| unwritten(&error))?.len();
    if !state.engine.has_room(&space, length).await? {
        return Err(Refusal::space_is_full());
    }
    let file = Arc::new(ImportFile::new(file));
    let checked = Arc::clone(&file);
    let checked = tokio::task::spawn_blocking(move || checked.check()).await;
    checked.map_err(|_| Refusal::panicked())?.map_err(rejected)?;
    match state.engine.import(&space, file).await {
        Ok(imported) => Ok(Json(imported)),
        Err(StoreError::Corrupt) => Err(Refusal::invalid(
            "entries",
            "The file does not fit what is here already: one of its messages follows one that was \
             deleted. Nothing was imported.",
        )),
        Err(error) => Err(error.into()),
    }
}

/// Writes the body to a file that has no name and goes when it is closed.
async fn receive(state: &State, mut body: Body) -> Result<File, Refusal> {
    let limit = state.config.max_import_bytes;
    let file = tempfile::tempfile_in(&state.config.data).map_err(|error| unwritten(&error))?;
    let mut file = tokio::fs::File::from_std(file);
    let (silence, until) =
        (state.config.connections.body_deadline, Instant::now() + IMPORT_DEADLINE);
    let mut length = 0;
    loop {
        let frame = timeout_at(until, timeout(silence, body.frame())).await;
        let Ok(Ok(frame)) = frame else {
            let detail = "The file took too long to come.";
            let status = StatusCode::REQUEST_TIMEOUT;
            return Err(Refusal::new(status, ProblemCode::TooSlow, detail));
        };
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| Refusal::malformed("The body broke off."))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len() as u64;
        if length > limit {
            return Err(Refusal::too_large(usize::try_from(limit).unwrap_or(usize::MAX)));
        }
        file.write_all(&data).await.map_err(|error| unwritten(&error))?;
    }
    file.flush().await.map_err(|error| unwritten(&error))?;
    Ok(file.into_std().await)
}

fn unwritten(error: &io::Error) -> Refusal {
    if is_full(error) {
        return StoreError::Full.into();
    }
    tracing::error!(%error, "a file could not be received");
    let detail = "The server could not keep the file. Its log says more.";
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal, detail)
}

fn rejected(rejected: Rejected) -> Refusal {
    match rejected {
        Rejected::Unreadable(why) => {
            Refusal::malformed(format!("This is no file that an export wrote: {why}."))
        }
        Rejected::Faults(faults) => {
            let first = faults.first().map(|fault| (fault.entry, fault.detail.clone()));
            let (entry, detail) = first.unwrap_or_default();
            let detail = format!(
                "Nothing was imported: entry {entry} is not what is expected: {detail}. `faults` \
                 names all of them, up to 20."
            );
            let mut refusal = Refusal::invalid("entries", detail);
            refusal.0.faults = faults.into();
            refusal
        }
    }
}
