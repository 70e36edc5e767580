use leptos::{ev, html, prelude::*};
use leptos_router::hooks::use_query_map;
use web_sys::HtmlInputElement;

use super::{
    drop_zone::DropZone,
    evidence::{PlaceCount, Reading},
};
use crate::{
    hooks::{Listener, Ticker},
    messages::Locale,
    samples,
    text::{Encoding, grouped, size},
    workspace::Workspace,
};

/// How often a changed draft is stored, and a long text is measured.
const REST_MS: u64 = 1_000;
/// Longer texts are not measured at every key and are stored only when the reader leaves them, so
/// that typing does not lag.
const LONG_CHARS: u64 = 200_000;

/// The text box with its count, which also takes files that are dropped anywhere on the page.
#[component]
pub(crate) fn Source(
    /// The first line of the text, when it is known.
    preview: Signal<String>,
) -> impl IntoView {
    view! {
        <section class="source">
            <Head preview/>
            <div class="page">
                <TextBox/>
                <Reading/>
            </div>
            <Foot/>
            <DropZone/>
        </section>
    }
    .into_any()
}

#[component]
fn TextBox() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let (unmeasured, unkept) = (StoredValue::new(false), StoredValue::new(false));
    let is_long = move || workspace.measure.with_untracked(|measure| measure.chars >= LONG_CHARS);
    let keep = move || {
        if unkept.try_update_value(std::mem::take) == Some(true) {
            workspace.store_draft();
        }
    };
    let rest = move || {
        if unmeasured.try_update_value(std::mem::take) == Some(true) {
            workspace.measure_text();
        }
        if !is_long() {
            keep();
        }
    };
    Effect::new(move |_| {
        if workspace.source.get().is_some() {
            StoredValue::new_local(Ticker::every(REST_MS, rest));
            // The draft must be found again when the reader leaves right after pasting, and when
            // the browser discards a tab in the background.
            for sign in ["pagehide", "visibilitychange", "blur"] {
                StoredValue::new_local(Listener::on(sign, move |_| keep()));
            }
        }
    });
    // The draft must also survive when the reader goes to another page of Unspool.
    on_cleanup(keep);
    // What was asked for by a link, which works before the page is alive.
    let sample = use_query_map().with_untracked(|query| query.get("sample"));
    let sample = sample.and_then(|name| samples::named(&name)).unwrap_or_default();
    let typed = move || {
        unkept.set_value(true);
        workspace.typed();
        if is_long() {
            unmeasured.set_value(true);
        } else {
            workspace.measure_text();
        }
    };
    view! {
        <textarea
            id="source"
            name="text"
            dir=move || workspace.measure.with(|measure| measure.direction.name())
            required
            spellcheck="false"
            autocomplete="off"
            data-testid="source"
            aria-describedby="count hint"
            placeholder=locale.text(|m| m.source_placeholder)
            node_ref=workspace.source
            on:input=move |_| typed()
            on:change=move |_| {
                // The browser says so as well when it has been typed already.
                if workspace.has_changed() {
                    typed();
                }
                rest();
                keep();
            }
            inner_html=sample
        ></textarea>
    }
    .into_any()
}

/// The label, and the preview that is all there is of a folded source.
#[component]
fn Head(preview: Signal<String>) -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let word = move || {
        let messages = locale.messages();
        if workspace.folded.get() { messages.edit } else { messages.fold }
    };
    view! {
        <div class="source-head">
            <label for="source" class="label">{locale.text(|m| m.source)}</label>
            <span class="preview" dir="auto">{preview}</span>
            <PlaceCount/>
            <button
                type="button"
                class="quiet clear scripted"
                hidden=move || workspace.measure.with(|measure| measure.chars == 0)
                on:click=move |_| workspace.clear()
            >
                {locale.desk_text(|m| m.clear)}
            </button>
            <button
                type="button"
                class="quiet fold scripted"
                aria-expanded=move || (!workspace.folded.get()).to_string()
                aria-controls="source"
                on:click=move |_| workspace.folded.update(|folded| *folded = !*folded)
            >
                {word}
            </button>
        </div>
    }
    .into_any()
}

/// The count, how long it takes to read, the limit, and what is to do with files.
#[component]
fn Foot() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let input = NodeRef::<html::Input>::new();
    let limit_bytes = workspace.limit_bytes();
    let count = move || {
        let measure = workspace.measure.get();
        let chars = (locale.messages().characters)(&grouped(measure.chars));
        match measure.reading_min {
            0 => chars,
            minutes => format!("{chars} · {}", (locale.desk().reading_time)(minutes)),
        }
    };
    let limit = move || (locale.messages().limit)(&size(limit_bytes));
    let read = move |input: &HtmlInputElement| {
        if let Some(files) = input.files() {
            workspace.read_files(&files);
        }
        // Without this, choosing the same file again would not be a change.
        input.set_value("");
    };
    // A file may have been chosen before the page came alive.
    Effect::new(move |_| {
        if workspace.source.get().is_some() {
            input.with_untracked(|input| input.iter().for_each(&read));
        }
    });
    view! {
        <div class="source-foot">
            <p class="count" id="count" class:over=move || workspace.is_over_limit()>
                <span class="scripted">
                    <span data-testid="count">{count}</span> " · "
                </span>
                {limit}
            </p>
            <ReadAs/>
            <label class="quiet file">
                {locale.text(|m| m.choose_file)}
                <input
                    type="file"
                    class="visually-hidden"
                    accept=".txt,.md,.markdown,.text,text/plain,text/markdown"
                    data-testid="file"
                    node_ref=input
                    on:change=move |event: ev::Event| read(&event_target(&event))
                />
            </label>
        </div>
    }
    .into_any()
}

/// How the file in the box was read, with the choice to read it otherwise. UTF-8 goes without
/// saying.
#[component]
fn ReadAs() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let unusual = Memo::new(move |before: Option<&bool>| {
        // A choice that leads to UTF-8 can be changed, too.
        let encoding = workspace.encoding.get();
        encoding.is_some_and(|encoding| encoding != Encoding::Utf8 || before == Some(&true))
    });
    let name = move || workspace.encoding.get().unwrap_or_default().name();
    let words = move || {
        let desk = locale.desk();
        format!("{} · {}", (desk.read_as)(name()), desk.change)
    };
    let chosen = move |event: ev::Event| {
        if let Some(encoding) = Encoding::named(&event_target_value(&event)) {
            workspace.read_as(encoding);
        }
    };
    let options = Encoding::ALL.map(|encoding| {
        view! { <option value=encoding.name()>{encoding.name()}</option> }
    });
    view! {
        <details class="read-as" hidden=move || !unusual.get()>
            <summary data-testid="read-as">{words}</summary>
            <select
                aria-label=locale.desk_text(|m| m.encoding)
                prop:value=name
                on:change=chosen
            >
                {options.into_iter().collect_view()}
            </select>
        </details>
    }
    .into_any()
}
