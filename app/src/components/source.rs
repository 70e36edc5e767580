use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File, HtmlInputElement};

use super::evidence::{PlaceCount, Reading};
use crate::{
    hooks::{Listener, Ticker},
    messages::Locale,
    page_context::about,
    text::grouped,
    workspace::Workspace,
};

/// How often a changed draft is stored, and a long text is measured.
const REST_MS: u64 = 1_000;
/// Longer texts are not measured at every key and are stored only when the reader leaves them, so
/// that typing does not lag.
const LONG_CHARS: u64 = 200_000;

/// The text box with its count, which also takes files that are dropped on it.
#[component]
pub(crate) fn Source(
    /// The first line of the text, when it is known.
    preview: Signal<String>,
) -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let dragged = RwSignal::new(false);
    let dropped = move |event: DragEvent| {
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|all| all.get(0));
        dragged.set(false);
        if let Some(file) = file {
            event.prevent_default();
            read_file(workspace, locale, file);
        }
    };
    let over = move |event: DragEvent| {
        if brings_file(&event) {
            event.prevent_default();
            dragged.set(true);
        }
    };
    view! {
        <section
            class="source"
            class:dragged=dragged
            on:dragover=over
            on:dragleave=move |_| dragged.set(false)
            on:drop=dropped
        >
            <Head preview/>
            <div class="page">
                <TextBox/>
                <Reading/>
                <p class="drop-note" aria-hidden="true">{locale.text(|m| m.drop_here)}</p>
            </div>
            <Foot/>
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
    let typed = move || {
        unkept.set_value(true);
        workspace.begin_draft();
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
                typed();
                rest();
                keep();
            }
        ></textarea>
    }
    .into_any()
}

/// Whether a file is dragged. Dragged text is left to the browser.
fn brings_file(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
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

/// The count, the limit, and the button that chooses a file.
#[component]
fn Foot() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let limit_bytes = about().max_input_bytes;
    let count = move || (locale.messages().characters)(&grouped(workspace.measure.get().chars));
    let limit = move || (locale.messages().limit)(&size(limit_bytes));
    let chosen = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|all| all.get(0)) {
            read_file(workspace, locale, file);
        }
        // Without this, choosing the same file again would not be a change.
        input.set_value("");
    };
    view! {
        <div class="source-foot">
            <p class="count" id="count" class:over=move || workspace.is_over_limit()>
                <span class="scripted">
                    <span data-testid="count">{count}</span> " · "
                </span>
                {limit}
            </p>
            <label class="quiet file scripted">
                {locale.text(|m| m.choose_file)}
                <input
                    type="file"
                    class="visually-hidden"
                    accept=".txt,.md,text/plain,text/markdown"
                    data-testid="file"
                    on:change=chosen
                />
            </label>
        </div>
    }
    .into_any()
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    const MEBI: u64 = 1024 * 1024;
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..MEBI => format!("{} KB", bytes / 1_024),
        _ => format!("{} MB", bytes / MEBI),
    }
}

/// Reads a file into the box. If that fails, the box stays as it is and the hint says why.
fn read_file(workspace: Workspace, locale: Locale, file: File) {
    let messages = locale.messages_untracked();
    let limit_bytes = about().max_input_bytes;
    let name = file.name().to_ascii_lowercase();
    if ![".txt", ".md", ".markdown", ".text"].iter().any(|ending| name.ends_with(ending)) {
        return workspace.hint.set(messages.file_wrong_kind.to_owned());
    }
    #[expect(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
    if file.size() > limit_bytes as f64 {
        return workspace.hint.set((messages.file_too_large)(&size(limit_bytes)));
    }
    spawn_local(async move {
        let bytes = JsFuture::from(file.array_buffer()).await;
        let bytes = bytes.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec());
        if !workspace.is_shown() {
            return;
        }
        let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
        match text.filter(|text| !text.contains('\0')) {
            Some(text) => workspace.replace_draft(text.trim_start_matches('\u{feff}')),
            None => workspace.hint.set(messages.file_not_text.to_owned()),
        }
    });
}
