use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::{browser, components::Announcer, messages::Locale};

/// How long a button says that it has copied.
const LINGER: Duration = Duration::from_secs(2);

/// A button that copies a text and says so in its own label.
#[component]
pub(crate) fn CopyButton(
    #[prop(into)] label: Signal<&'static str>,
    #[prop(into)] text: Callback<(), String>,
) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let copied = RwSignal::new(false);
    let copy = move |_| {
        spawn_local(async move {
            let done = browser::copy(&text.run(())).await;
            let messages = locale.messages_untracked();
            announcer.announce(if done { messages.copied } else { messages.not_copied });
            copied.try_set(done);
            let forget = move || {
                copied.try_set(false);
            };
            set_timeout(forget, LINGER);
        });
    };
    let word = move || if copied.get() { locale.messages().copied } else { label.get() };
    view! {
        <button type="button" class="quiet scripted" on:click=copy>
            {word}
        </button>
    }
    .into_any()
}
