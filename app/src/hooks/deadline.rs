use std::{future::poll_fn, pin::pin, task::Poll};

use super::pause::pause;
use crate::fault::Fault;

/// How long an answer may take, in milliseconds. Where a network has died without a word, none
/// would ever come.
const DEADLINE_MS: f64 = 8_000.0;

/// What is answered, unless that takes too long: then the request is called off.
pub(crate) async fn in_time<T>(answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let (mut answer, mut end) = (pin!(answer), pin!(pause(DEADLINE_MS)));
    let late = |()| Err(Fault::Unreachable("no answer in time".to_owned()));
    poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Pending => end.as_mut().poll(context).map(late),
        answered => answered,
    })
    .await
}
