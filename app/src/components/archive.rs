use leptos::{html, prelude::*, task::spawn_local};

use crate::{browser, messages::Locale};

/// Ways to take everything away as a file, and to bring a file back.
#[component]
pub(crate) fn Archive() -> impl IntoView {
    let locale = Locale::here();
    let field = NodeRef::<html::Input>::new();
    let note = RwSignal::new(String::new());
    let import = move |_| {
        let Some(input) = field.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        let messages = locale.taking_untracked();
        note.set(messages.importing.to_owned());
        spawn_local(async move {
            let said = match browser::import(&file).await {
                Ok(0) => (messages.imported)(0),
                Ok(count) => {
                    browser::reload();
                    (messages.imported)(count)
                }
                Err(why) => (messages.not_imported)(&why),
            };
            note.try_set(said);
            input.set_value("");
        });
    };
    view! {
        <section class="archive" aria-label=locale.taking_text(|m| m.take_away)>
            <a class="quiet" href="/api/export?format=json" download rel="external">
                {locale.taking_text(|m| m.export_json)}
            </a>
            <a class="quiet" href="/api/export?format=markdown" download rel="external">
                {locale.taking_text(|m| m.export_markdown)}
            </a>
            <label class="quiet file scripted">
                {locale.taking_text(|m| m.import)}
                <input
                    type="file"
                    class="hidden"
                    accept=".json,application/json"
                    node_ref=field
                    on:change=import
                />
            </label>
            <span role="status">{note}</span>
        </section>
    }
    .into_any()
}
