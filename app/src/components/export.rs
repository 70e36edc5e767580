use leptos::{prelude::*, task::spawn_local};
use protocol::{Snapshot, unescape};
use serde_json::json;

use crate::{
    browser,
    components::{Announcer, Share, Sharing},
    document::{Field, members},
    generation_view::GenerationView,
    messages::Locale,
};

/// Buttons that copy the fields of the document, or save it as a file.
#[component]
pub(crate) fn Export(run: GenerationView) -> impl IntoView {
    let locale = Locale::here();
    let none = move || !(run.has_begun.get() && run.is_over.get());
    let copy_field = move |field: Field| {
        let (label_path, text_path) = (field.path.clone(), field.path.clone());
        let label = move || (locale.messages().copy_field)(&run.label(&label_path, locale));
        let text = move || run.field_as_text(&text_path, locale);
        let hidden = move || !field.has_content();
        view! {
            <CopyButton
                label=Signal::derive(label)
                text=Callback::new(move |()| text())
                hidden=Signal::derive(hidden)
            />
        }
    };
    let markdown_label = move || {
        let (messages, all) = (locale.messages(), run.document.need_names());
        if all { messages.copy_all_markdown } else { messages.copy_markdown }.to_owned()
    };
    let is_bare = move || {
        let fields = run.document.get();
        !fields.iter().any(|field| !field.is_title() && field.has_content())
    };
    let download = move |_| {
        if let Some((name, json)) = run.read(file) {
            browser::download(&name, "application/json", &json);
        }
    };
    view! {
        <div class="export scripted" hidden=none>
            <For each=move || run.document.get() key=Field::key children=copy_field/>
            <CopyButton
                label=Signal::derive(markdown_label)
                text=Callback::new(move |()| run.markdown(locale))
                hidden=Signal::derive(is_bare)
            />
            <button type="button" class="quiet" on:click=download>
                {locale.text(|m| m.download)}
            </button>
            <Share
                sharing=Sharing::Generation
                id=move |()| run.read(|snapshot| snapshot.id.clone()).unwrap_or_default()
            />
        </div>
    }
    .into_any()
}

/// The name of the file that a generation is saved as, and its content: the fields, and beside them
/// what is known of the generation, as far as no field has the name.
fn file(snapshot: &Snapshot) -> (String, String) {
    let Snapshot { id, status, provider, model, created_ms, .. } = snapshot;
    let mut file = json!({
        "id": id, "status": status, "provider": provider, "model": model,
        "created": created(*created_ms),
    });
    for (name, value) in members(snapshot) {
        file[&*unescape(&name)] = value.clone();
    }
    (format!("unspool-{id}.json"), format!("{file:#}\n"))
}

/// The time of creation (RFC 3339).
fn created(created_ms: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are far below 2^53")]
    let moment = created_ms as f64;
    js_sys::Date::new(&moment.into()).to_iso_string().into()
}

/// A button that copies a text and says so in its own label.
#[component]
fn CopyButton(
    label: Signal<String>,
    text: Callback<(), String>,
    /// Whether there is nothing to copy.
    hidden: Signal<bool>,
) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let copied = RwSignal::new(false);
    let copy = move |_| {
        spawn_local(async move {
            let done = browser::copy(&text.run(())).await;
            let messages = locale.messages_untracked();
            announcer.announce(if done { messages.copied } else { messages.not_copied });
            copied.try_set(done);
            set_timeout(
                move || {
                    copied.try_set(false);
                },
                std::time::Duration::from_secs(2),
            );
        });
    };
    let word = move || {
        if copied.get() { locale.messages().copied.to_owned() } else { label.get() }
    };
    view! {
        <button
            type="button"
            class="quiet steady"
            data-widest=label
            hidden=hidden
            on:click=copy
        >
            {word}
        </button>
    }
    .into_any()
}
