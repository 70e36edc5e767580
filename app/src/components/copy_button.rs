use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::{browser, components::Announcer, messages::Locale};

/// How long a button says that it has copied.
const LINGER: Duration = Duration::from_secs(2);

/// A text to be copied.
pub(crate) struct Copied {
    pub(crate) plain: String,
    /// The same as HTML, for what takes formatted text.
    pub(crate) html: Option<String>,
}

impl From<String> for Copied {
    fn from(plain: String) -> Self {
        Self { plain, html: None }
    }
}

/// A button that copies a text and says so in its own label, without becoming wider.
#[component]
pub(crate) fn CopyButton(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] text: Callback<(), Copied>,
    /// Whether there is nothing to copy.
    #[prop(optional, into)]
    hidden: Signal<bool>,
    #[prop(default = "quiet")] class: &'static str,
) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let copied = RwSignal::new(false);
    let copy = move |_| {
        spawn_local(async move {
            let Copied { plain, html } = text.run(());
            let done = match html {
                Some(html) if browser::copy_rich(&plain, &html) => true,
                _ => browser::copy(&plain).await,
            };
            let messages = locale.messages_untracked();
            announcer.announce(if done { messages.copied } else { messages.not_copied });
            copied.try_set(done);
            let forget = move || {
                copied.try_set(false);
            };
            set_timeout(forget, LINGER);
        });
    };
    let word = move || {
        if copied.get() { locale.messages().copied.to_owned() } else { label.get() }
    };
    view! {
        <button
            type="button"
            class=format!("{class} steady scripted")
            data-widest=label
            hidden=hidden
            on:click=copy
        >
            {word}
        </button>
    }
    .into_any()
}
