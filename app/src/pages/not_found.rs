use leptos::{either::Either, prelude::*};
use leptos_router::components::A;

use crate::words::Locale;

/// An address that leads nowhere.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    view! {
        <div class="column">
            <Nothing alone=true/>
        </div>
    }
    .into_any()
}

/// Says that there is nothing here, and where there is something.
#[component]
pub(crate) fn Nothing(
    /// Whether it is all there is on the page.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let locale = Locale::here();
    let word = locale.say(|words| words.not_found);
    let heading = if alone {
        Either::Left(view! { <h1>{word}</h1> })
    } else {
        Either::Right(view! { <h2>{word}</h2> })
    };
    view! {
        <div class="nothing" data-testid="not-found">
            {heading}
            <p>{locale.say(|words| words.gone)}</p>
            <p class="ways">
                <A href="/">{locale.say(|words| words.start_anew)}</A>
                <A href="/history">{locale.say(|words| words.history)}</A>
            </p>
        </div>
    }
    .into_any()
}
