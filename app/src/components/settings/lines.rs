use leptos::prelude::*;
use protocol::ConnectLine;

use crate::{components::CopyButton, messages::Locale};

/// How to connect a model: a line for each of the well-known providers.
#[component]
pub(crate) fn ConnectLines(lines: Vec<ConnectLine>) -> impl IntoView {
    let locale = Locale::here();
    let label = Signal::derive(move || locale.settings().copy_line);
    let item = move |ConnectLine { name, line }: ConnectLine| {
        let text = line.clone();
        view! {
            <li class="check">
                <div class="check-words">
                    <p>{name}</p>
                    <p class="check-detail"><code>{line}</code></p>
                </div>
                <CopyButton label text=Callback::new(move |()| text.clone())/>
            </li>
        }
    };
    let items: Vec<_> = lines.into_iter().map(item).collect();
    view! {
        <section class="connect-lines" aria-label=locale.settings_text(|m| m.connect)>
            <h2>{locale.settings_text(|m| m.connect)}</h2>
            <p class="check-detail">{locale.settings_text(|m| m.connect_how)}</p>
            <ul class="checks">{items}</ul>
        </section>
    }
    .into_any()
}
