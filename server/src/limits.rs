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
    intake::{Lost, Taken},
    problem::Refusal,
    state::State,
};

/// How long a body that is too large is read on at most before it is refused, so that a client
/// which sends first and listens later still hears why.
const DRAIN_DEADLINE: Duration = Duration::from_secs(5);

/// Takes a request's body in as a whole, or refuses it: too large, too slow, broken off. Whoever
/// reads it after that has nothing to wait for.
pub(crate) async fn take_in(
    Shared(state): Shared<State>,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    match read(&state, &head.headers, body).await {
        // It keeps its room until it is answered.
        Ok(taken) => next.run(Request::from_parts(head, taken.bytes.clone().into())).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn read(state: &State, headers: &HeaderMap, mut body: Body) -> Result<Taken, Refusal> {
    let limit = state.config.max_input_bytes;
    let deadline = state.config.connections.body;
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        drain(body, deadline).await;
        return Err(Refusal::media_type("The body must not be compressed.", "Content-Encoding"));
    }
    if announced(headers).is_some_and(|bytes| bytes > limit as u64) {
        // Who asks first has not begun to send.
        if !headers.contains_key(header::EXPECT) {
            drain(body, deadline).await;
        }
        return Err(Refusal::too_large(limit));
    }
    match timeout(deadline, state.intake.take(&mut body)).await {
        Ok(Ok(taken)) => Ok(taken),
        Ok(Err(Lost::TooLarge)) => {
            drain(body, deadline).await;
            Err(Refusal::too_large(limit))
        }
        Ok(Err(Lost::BrokenOff)) => Err(Refusal::malformed("The body broke off.")),
        Ok(Err(Lost::NoRoom)) => Err(Refusal::overloaded(
            "Too much is being sent to the server at once. Try again in a moment.",
        )),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            ProblemCode::TooSlow,
            format!("The body took longer than {} ms.", deadline.as_millis()),
        )),
    }
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads on and throws away.
async fn drain(mut body: impl HttpBody + Unpin, deadline: Duration) {
    let _ = timeout(deadline.min(DRAIN_DEADLINE), async { while body.frame().await.is_some() {} })
        .await;
}
