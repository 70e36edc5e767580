use js_sys::{Function, Promise};
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::guards::Listener;

/// Lets so many milliseconds go by.
pub(super) async fn pause(wait_ms: f64) {
    let _ = JsFuture::from(Promise::new(&mut |over, _| call_after(wait_ms, &over))).await;
}

/// Lets so many milliseconds go by, or fewer when the browser comes back online.
pub(super) async fn pause_or_online(wait_ms: f64) {
    let mut online = None;
    let over = Promise::new(&mut |over, _| {
        call_after(wait_ms, &over);
        online = Some(Listener::on("online", move |_| {
            let _ = over.call0(&JsValue::NULL);
        }));
    });
    let _ = JsFuture::from(over).await;
    drop(online);
}

fn call_after(wait_ms: f64, call: &Function) {
    #[expect(clippy::cast_possible_truncation, reason = "waits are seconds long")]
    let wait_ms = wait_ms as i32;
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(call, wait_ms);
}
