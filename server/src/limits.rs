use std::time::Duration;

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State as Shared},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use protocol::ProblemCode;
use tokio::time::timeout;

use crate::{problem::Refusal, state::State};

/// How long a body that is too large is read on before it is refused, so that a client which sends
/// first and listens later still hears why.
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
    let limit = state.config.max_input_bytes;
    let deadline = state.config.connections.body;
    match read(&head.headers, body, limit, deadline).await {
        Ok(bytes) => next.run(Request::from_parts(head, bytes.into())).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    deadline: Duration,
) -> Result<Bytes, Refusal> {
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        drain(body).await;
        return Err(Refusal::media_type("The body must not be compressed.", "Content-Encoding"));
    }
    if announced(headers).is_some_and(|bytes| bytes > limit as u64) {
        // Who asks first has not begun to send.
        if !headers.contains_key(header::EXPECT) {
            drain(body).await;
        }
        return Err(Refusal::too_large(limit));
    }
    let mut body = Limited::new(body, limit);
    match timeout(deadline, (&mut body).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            drain(body).await;
            Err(Refusal::too_large(limit))
        }
        Ok(Err(_)) => Err(Refusal::malformed("The body broke off.")),
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

/// Reads on and throws away. A body that is over its limit errs for each piece, up to its end.
async fn drain(mut body: impl HttpBody + Unpin) {
    let _ = timeout(DRAIN_DEADLINE, async { while body.frame().await.is_some() {} }).await;
}
