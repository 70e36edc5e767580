use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{backoff::Backoff, guards::Listener};
use crate::fault::Fault;

/// Asks until the server answers or has nothing of the kind: the later the more often it did
/// neither, and at once when the browser is online again. None once that is no longer wanted.
pub(crate) async fn insist<T, F>(
    ask: impl Fn() -> F,
    is_wanted: impl Fn() -> bool,
) -> Option<Result<T, Fault>>
where
    F: Future<Output = Result<T, Fault>>,
{
    let mut backoff = Backoff::default();
    while is_wanted() {
        match ask().await {
            Err(fault) if !fault.is_not_found() => {
                rest(backoff.next_ms(js_sys::Math::random())).await;
            }
            answer => return Some(answer),
        }
    }
    None
}

/// Lets so many milliseconds go by, or fewer when the browser comes back online.
async fn rest(wait_ms: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "waits are seconds long")]
    let wait_ms = wait_ms as i32;
    let mut online = None;
    let over = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait_ms);
        online = Some(Listener::on("online", move |_| {
            let _ = resolve.call0(&JsValue::NULL);
        }));
    });
    let _ = JsFuture::from(over).await;
    drop(online);
}
