//! Entry of the page in the browser: takes over what the server has rendered.

#![recursion_limit = "256"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script. Without the code of the page that is open, the page stays as the
/// server has rendered it.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "split")]
    if app::fetch_page(&leptos::prelude::window().location().pathname().unwrap_or_default())
        .await
        .is_err()
    {
        return;
    }
    leptos::mount::hydrate_body(app::App);
}
