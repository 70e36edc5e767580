use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestInit, Response};

/// How long the server may take to answer, in milliseconds.
const DEADLINE_MS: u32 = 2_000;

/// Whether the server answers a short request, even if streams do not come through.
pub(super) async fn is_there() -> bool {
    let options = RequestInit::new();
    options.set_cache(RequestCache::NoStore);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(DEADLINE_MS)));
    let answer = JsFuture::from(window().fetch_with_str_and_init("/health", &options)).await;
    answer.is_ok_and(|answer| answer.unchecked_into::<Response>().ok())
}
