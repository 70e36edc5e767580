use std::{future::poll_fn, pin::pin, task::Poll};

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

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

/// Lets so many milliseconds go by.
pub(crate) async fn pause(wait_ms: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "waits are seconds long")]
    let wait_ms = wait_ms as i32;
    let over = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait_ms);
    });
    let _ = JsFuture::from(over).await;
}
