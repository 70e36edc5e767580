use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser,
    components::Announcer,
    diagnostics::{Remedy, remedies, upstream},
    messages::Locale,
    page_context::about,
};

/// Shows what to write into the configuration of a proxy.
#[component]
pub(super) fn Remedies() -> impl IntoView {
    let locale = Locale::here();
    let location = window().location();
    let address =
        upstream(&location.hostname().unwrap_or_default(), &location.host().unwrap_or_default());
    let all = remedies(&address, about().max_input_bytes);
    let all = all.map(|remedy| view! { <RemedyView remedy/> });
    view! {
        <section class="remedies" aria-labelledby="remedies" data-testid="remedies">
            <h2 class="label" id="remedies">{locale.diagnostics_text(|m| m.remedies)}</h2>
            <p class="label">{move || (locale.diagnostics().remedies_note)(&address)}</p>
            {all.collect_view()}
        </section>
    }
    .into_any()
}

#[component]
fn RemedyView(remedy: Remedy) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let Remedy { proxy, lines } = remedy;
    let copied = lines.clone();
    let copy = move |_| {
        let lines = copied.clone();
        spawn_local(async move {
            let messages = locale.messages_untracked();
            let copied = browser::copy(&lines).await;
            announcer.announce(if copied { messages.copied } else { messages.not_copied });
        });
    };
    view! {
        <details name="remedy">
            <summary>{proxy}</summary>
            <pre tabindex="0" aria-label=proxy dir="ltr"><code>{lines}</code></pre>
            <button type="button" class="quiet" on:click=copy>
                {locale.diagnostics_text(|m| m.copy)}
            </button>
        </details>
    }
    .into_any()
}
