use std::{future::poll_fn, pin::pin, task::Poll};

use super::pause::pause;
use crate::api_error::ApiError;

/// How long an answer may take, in milliseconds. Where a network has died without a word, none
/// would ever come.
const DEADLINE_MS: f64 = 8_000.0;
/// The same where a text is on its way: a little longer than the server waits for one, and then
/// says so.
const TEXT_DEADLINE_MS: f64 = 35_000.0;

/// What is answered, unless that takes too long: then the request is called off.
pub(crate) async fn in_time<T>(
    answer: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, ApiError> {
    within(DEADLINE_MS, answer).await
}

/// The same for what carries a text of any length, there or back.
pub(crate) async fn text_in_time<T>(
    answer: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, ApiError> {
    within(TEXT_DEADLINE_MS, answer).await
}

/// What is answered within so many milliseconds.
pub(crate) async fn within<T>(
    limit_ms: f64,
    answer: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, ApiError> {
    // The server asks itself, without a network between.
    if cfg!(feature = "ssr") {
        return answer.await;
    }
    let (mut answer, mut end) = (pin!(answer), pin!(pause(limit_ms)));
    let late = |()| Err(ApiError::Unreachable("no answer in time".to_owned()));
    poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Pending => end.as_mut().poll(context).map(late),
        answered => answered,
    })
    .await
}
