use leptos::prelude::*;
use leptos_router::components::A;

use crate::words::Locale;

/// An address that leads nowhere.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    view! {
        <div class="column">
            <Nothing/>
        </div>
    }
    .into_any()
}

/// Says that there is nothing here, and where there is something.
#[component]
pub(crate) fn Nothing() -> impl IntoView {
    let locale = Locale::here();
    view! {
        <div class="nothing" data-testid="not-found">
            <h1>{locale.say(|words| words.not_found)}</h1>
            <p>{locale.say(|words| words.gone)}</p>
            <p class="ways">
                <A href="/">{locale.say(|words| words.start_anew)}</A>
                <A href="/history">{locale.say(|words| words.history)}</A>
            </p>
        </div>
    }
    .into_any()
}
