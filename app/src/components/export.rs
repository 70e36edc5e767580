use leptos::{prelude::*, task::spawn_local};
use protocol::Snapshot;
use serde_json::json;

use crate::{
    browser,
    components::Announcer,
    generation_view::{GenerationView, Phase},
    messages::{Locale, Messages},
};

/// Buttons that copy the title and the summary, or save them as a file.
#[component]
pub(crate) fn Export(run: GenerationView, snapshot: Snapshot) -> impl IntoView {
    let locale = Locale::here();
    let title = move || run.title.text.get_value();
    let summary = move || run.summary.text.get_value();
    let markdown = move || markdown(&title(), &summary());
    let none = move || !(run.has_begun() && run.phase.with(Phase::is_over));
    let no_title = Signal::derive(move || !run.title.begun.get());
    let no_summary = Signal::derive(move || !run.summary.begun.get());
    let snapshot = StoredValue::new(snapshot);
    let download = move |_| {
        let (provider, model) = run.author.get_untracked();
        let (id, created_ms) = snapshot.with_value(|all| (all.id.clone(), all.created_ms));
        let file = json!({
            "id": id, "title": title(), "summary": summary(),
            "status": run.phase.with_untracked(Phase::name),
            "provider": provider, "model": model, "created": created(created_ms),
        });
        browser::download(
            &format!("unspool-{id}.json"),
            "application/json",
            &format!("{file:#}\n"),
        );
    };
    view! {
        <div class="export scripted" hidden=none>
            <CopyButton label=|m| m.copy_title text=title hidden=no_title/>
            <CopyButton label=|m| m.copy_summary text=summary hidden=no_summary/>
            <CopyButton label=|m| m.copy_markdown text=markdown hidden=no_summary/>
            <button type="button" class="quiet" on:click=download>
                {locale.text(|m| m.download)}
            </button>
        </div>
    }
    .into_any()
}

/// The time of creation (RFC 3339).
fn created(created_ms: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are far below 2^53")]
    let moment = created_ms as f64;
    js_sys::Date::new(&moment.into()).to_iso_string().into()
}

/// Title and summary as one Markdown text.
fn markdown(title: &str, summary: &str) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("# {title}\n\n{}\n", summary.trim_end())
}

/// A button that copies a text and says so in its own label.
#[component]
fn CopyButton<F>(
    label: fn(&'static Messages) -> &'static str,
    text: F,
    /// Whether there is nothing to copy.
    #[prop(into)]
    hidden: Signal<bool>,
) -> impl IntoView
where
    F: Fn() -> String + Copy + Send + Sync + 'static,
{
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let copied = RwSignal::new(false);
    let copy = move |_| {
        spawn_local(async move {
            let done = browser::copy(&text()).await;
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
        let messages = locale.messages();
        if copied.get() { messages.copied } else { label(messages) }
    };
    view! {
        <button
            type="button"
            class="quiet steady"
            data-widest=locale.text(label)
            hidden=hidden
            on:click=copy
        >
            {word}
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_has_the_title_on_one_line() {
        assert_eq!(markdown("One\ntitle", "A summary.\n"), "# One title\n\nA summary.\n");
    }
}
