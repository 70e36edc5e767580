use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State as Shared},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header;
use http_body_util::{BodyExt, Limited};
use tokio::time::timeout;

use crate::{problem::Refusal, state::State};

/// What is read of a body that is too large before it is refused, so that a client which sends
/// first and listens later still hears why.
const DRAIN_BYTES: usize = 64 * 1024 * 1024;

/// How long that may take.
const DRAIN_DEADLINE: Duration = Duration::from_secs(5);

/// Refuses bodies over the limit, whoever would read them.
pub(crate) async fn refuse_large(
    Shared(state): Shared<State>,
    request: Request,
    next: Next,
) -> Response {
    let limit = state.config.max_input_bytes;
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > limit as u64) {
        drain(request.into_body()).await;
        return Refusal::too_large(limit).into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

async fn drain(body: Body) {
    let mut body = Limited::new(body, DRAIN_BYTES);
    let _ = timeout(DRAIN_DEADLINE, async { while let Some(Ok(_)) = body.frame().await {} }).await;
}
