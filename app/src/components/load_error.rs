use leptos::prelude::*;

use crate::messages::Locale;

/// Stands for something that could not be loaded, and offers to load it again at once.
#[component]
pub(crate) fn LoadError(again: Callback<()>) -> impl IntoView {
    let locale = Locale::here();
    view! {
        <div class="nothing">
            <p role="alert">{locale.text(|m| m.broken)}</p>
            <button type="button" class="quiet scripted" on:click=move |_| again.run(())>
                {locale.text(|m| m.again)}
            </button>
        </div>
    }
    .into_any()
}
