use leptos::prelude::*;

use crate::words::Locale;

/// In place of what could not be loaded: that it could not, and a way to try at once.
#[component]
pub(crate) fn Unloaded(
    /// Asks for it again.
    again: Callback<()>,
) -> impl IntoView {
    let locale = Locale::here();
    view! {
        <div class="nothing">
            <p role="alert">{locale.say(|words| words.broken)}</p>
            <button type="button" class="quiet scripted" on:click=move |_| again.run(())>
                {locale.say(|words| words.again)}
            </button>
        </div>
    }
    .into_any()
}
