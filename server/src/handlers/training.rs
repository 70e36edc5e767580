use axum::{extract::State as Shared, response::Response};
use engine::TrainingStream;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::Number;

use crate::{
    access::Space,
    body,
    dialects::conversation::{TrainingCursor, Trainings},
    problem::{self, Refusal},
    query::Query,
    state::State,
};

/// The body of `POST /api/v1/digital-humans/train/stream`.
#[derive(Deserialize)]
pub(crate) struct Training {
    digital_human_id: PersonaId,
    message: String,
}

/// A persona's id. The fifth seed's are numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum PersonaId {
    Text(String),
    Number(Number),
}

impl PersonaId {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// `POST /api/v1/digital-humans/train/stream`
pub(crate) async fn train(
    Shared(state): Shared<State>,
    space: Space,
    body::Json(training): body::Json<Training>,
) -> Result<Response, Refusal> {
    let Training { digital_human_id, message } = training;
    let persona_id = digital_human_id.into_text();
    let id = state.engine.train(&space, &persona_id, message).await?;
    match state.engine.follow_training(&space, &id, 0).await {
        Ok(stream) => Ok(respond(&state, stream, 0)),
        Err(error) => Ok(problem::of_subscribe(error, "Last-Event-ID")),
    }
}

#[derive(Deserialize)]
pub(crate) struct TrainingQuery {
    digital_human_id: Option<String>,
}

/// `GET /api/v1/digital-humans/train/stream`
pub(crate) async fn follow(
    Shared(state): Shared<State>,
    space: Space,
    headers: HeaderMap,
    Query(query): Query<TrainingQuery>,
) -> Result<Response, Refusal> {
    let engine = &state.engine;
    if let Some(value) = headers.get("last-event-id") {
        let cursor = value.to_str().ok().and_then(|value| value.parse().ok());
        let TrainingCursor { generation_id, event } = cursor.ok_or_else(|| {
            let detail = "Last-Event-ID must be an id that this stream sent.";
            Refusal::parameter("Last-Event-ID", detail)
        })?;
        return Ok(match engine.follow_training(&space, &generation_id, event).await {
            Ok(stream) => respond(&state, stream, event),
            Err(error) => problem::of_subscribe(error, "Last-Event-ID"),
        });
    }
    if let Some(id) = &query.digital_human_id
        && engine.persona(&space, id).await?.is_none()
    {
        return Err(Refusal::invalid("digital_human_id", "There is no such persona."));
    }
    Ok(respond(&state, engine.next_training(&space, query.digital_human_id).await?, 0))
}

fn respond(state: &State, stream: TrainingStream, event: u64) -> Response {
    state.sse_response_with(event, |_| Trainings::new(stream))
}
