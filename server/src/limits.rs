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

/// How long a body that is too large is read on before it is refused, so that a client which sends
/// first and listens later still hears why.
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

/// Reads on and throws away. A body that is over its limit errs for each piece, up to its end.
pub(crate) async fn drain(mut body: Body) {
    let _ = timeout(DRAIN_DEADLINE, async { while body.frame().await.is_some() {} }).await;
}
