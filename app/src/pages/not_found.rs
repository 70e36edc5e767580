use leptos::{either::Either, prelude::*};
use leptos_router::components::A;

use crate::messages::Locale;

/// The page of an address that does not exist.
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

/// Says that nothing is here, and offers the ways to other pages.
#[component]
pub(crate) fn Nothing(
    /// Whether nothing else is on the page.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let locale = Locale::here();
    let word = locale.text(|m| m.not_found);
    let heading = if alone {
        Either::Left(view! { <h1>{word}</h1> })
    } else {
        Either::Right(view! { <h2>{word}</h2> })
    };
    view! {
        <div class="nothing" data-testid="not-found">
            {heading}
            <p>{locale.text(|m| m.gone)}</p>
            <p class="ways">
                <A href="/">{locale.text(|m| m.start_anew)}</A>
                <A href="/history">{locale.text(|m| m.history)}</A>
            </p>
        </div>
    }
    .into_any()
}
