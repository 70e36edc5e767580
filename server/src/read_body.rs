use std::time::Duration;

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State as Shared},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use protocol::ProblemCode;
use tokio::time::timeout;

use crate::{
    body_budget::{BufferedBody, ReadError},
    problem::Refusal,
    state::State,
};

/// How long the rest of a refused body is read at most. A client that sends its whole request
/// before it reads the response would otherwise never see the refusal.
const DRAIN_DEADLINE: Duration = Duration::from_secs(5);

/// Receives the whole body before the handler runs, so that handlers never wait for a client. A
/// body that is too large, too slow or broken off is refused here.
pub(crate) async fn read_body(
    Shared(state): Shared<State>,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    match read(&state, &head.headers, body).await {
        // `body` holds its share of the budget until the handler has answered.
        Ok(body) => next.run(Request::from_parts(head, body.bytes.clone().into())).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn read(state: &State, headers: &HeaderMap, mut body: Body) -> Result<BufferedBody, Refusal> {
    let limit = state.config.max_input_bytes;
    let deadline = state.config.connections.body_deadline;
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        drain(body, deadline).await;
        return Err(Refusal::media_type("The body must not be compressed.", "Content-Encoding"));
    }
    if content_length(headers).is_some_and(|bytes| bytes > limit as u64) {
        // A client that sent `Expect: 100-continue` waits for our response before it sends a body,
        // so there is nothing to read.
        if !headers.contains_key(header::EXPECT) {
            drain(body, deadline).await;
        }
        return Err(Refusal::too_large(limit));
    }
    match timeout(deadline, state.bodies.read(&mut body)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(ReadError::TooLarge)) => {
            drain(body, deadline).await;
            Err(Refusal::too_large(limit))
        }
        Ok(Err(ReadError::BrokenOff)) => Err(Refusal::malformed("The body broke off.")),
        Ok(Err(ReadError::NoBudget)) => Err(Refusal::overloaded(
            "Too much is being sent to the server at once. Try again in a moment.",
        )),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            ProblemCode::TooSlow,
            format!("The body took longer than {} ms.", deadline.as_millis()),
        )),
    }
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads the rest of a body and discards it.
async fn drain(mut body: impl HttpBody + Unpin, deadline: Duration) {
    let _ = timeout(deadline.min(DRAIN_DEADLINE), async { while body.frame().await.is_some() {} })
        .await;
}
