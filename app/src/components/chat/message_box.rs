use leptos::{html, prelude::*};
use web_sys::KeyboardEvent;

use crate::components::is_composing;

/// How many lines a box grows to.
const MOST_ROWS: usize = 6;

/// A box for a message: Enter sends, Shift+Enter begins a new line.
#[component]
pub(crate) fn MessageBox(
    node: NodeRef<html::Textarea>,
    /// What it is for.
    #[prop(into)]
    label: Signal<&'static str>,
    /// The text that it begins with.
    #[prop(optional, into)]
    text: String,
    /// Called when the reader sends the text.
    send: Callback<()>,
    /// Called at each change.
    #[prop(optional)]
    changed: Option<Callback<()>>,
    /// The id of what describes it.
    #[prop(optional)]
    described_by: &'static str,
) -> impl IntoView {
    let rows = RwSignal::new(rows_of(&text));
    let keyed = move |event: KeyboardEvent| {
        if event.key() != "Enter" || event.shift_key() || is_composing(&event) {
            return;
        }
        event.prevent_default();
        // Elsewhere on the page, Ctrl+Enter means something else.
        event.stop_propagation();
        if !event.repeat() {
            send.run(());
        }
    };
    let typed = move |_| {
        if let Some(text_box) = node.get_untracked() {
            rows.set(rows_of(&text_box.value()));
        }
        if let Some(changed) = changed {
            changed.run(());
        }
    };
    view! {
        <textarea
            class="message-box"
            name="message"
            dir="auto"
            rows=rows
            autocomplete="off"
            aria-label=label
            aria-describedby=described_by
            placeholder=label
            node_ref=node
            on:keydown=keyed
            on:input=typed
        >
            {text}
        </textarea>
    }
    .into_any()
}

/// As many rows as there are lines. Browsers that can fit a field to its content do not look at it.
fn rows_of(text: &str) -> usize {
    (text.matches('\n').count() + 1).min(MOST_ROWS)
}
