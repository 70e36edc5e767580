use leptos::{html, prelude::*};
use web_sys::KeyboardEvent;

use super::{MessageBox, versions::Versions};
use crate::{
    browser,
    components::CopyButton,
    messages::Locale,
    thread_view::{Row, ThreadView},
};

/// What the reader has asked, which can be edited and asked again.
#[component]
pub(super) fn Question(
    row: Memo<Option<Row>>,
    /// What the reader has asked.
    content: String,
) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let content = StoredValue::new(content);
    let editing = RwSignal::new(false);
    let edit = NodeRef::<html::Button>::new();
    Effect::new(move |before: Option<bool>| {
        let edits = editing.get();
        if before == Some(true) && !edits {
            browser::focus(edit);
        }
        edits
    });
    view! {
        <div class="question" data-testid="question">
            <h2 class="visually-hidden">{locale.chat_text(|m| m.question)}</h2>
            <div class="question-text" dir="auto" hidden=editing data-testid="question-text">
                {content.get_value()}
            </div>
            <Show when=move || editing.get()>
                <Editor row content editing/>
            </Show>
            <div class="turn-actions" hidden=editing>
                <CopyButton
                    label=move || locale.chat().copy.to_owned()
                    text=move |()| content.get_value().into()
                />
                <button
                    type="button"
                    class="quiet scripted"
                    node_ref=edit
                    hidden=move || view.is_running()
                    on:click=move |_| editing.set(true)
                >
                    {locale.chat_text(|m| m.edit)}
                </button>
                <Versions row/>
            </div>
        </div>
    }
    .into_any()
}

/// Edits a question. Asking it again begins a branch beside it.
#[component]
fn Editor(
    row: Memo<Option<Row>>,
    content: StoredValue<String>,
    editing: RwSignal<bool>,
) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let node = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        if let Some(text_box) = node.get() {
            let _ = text_box.focus();
        }
    });
    let send = Callback::new(move |()| {
        let text = node.get_untracked().map(|text_box| text_box.value()).unwrap_or_default();
        if protocol::is_blank(&text) {
            return;
        }
        // What began the conversation follows the conversation itself.
        let parent_id = row.with_untracked(|row| row.as_ref()?.parent_id.clone());
        let begins = || view.conversation.with_untracked(|conversation| conversation.id.clone());
        editing.set(false);
        view.send(text, Some(parent_id.unwrap_or_else(begins)));
    });
    let escaped = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            event.prevent_default();
            event.stop_propagation();
            editing.set(false);
        }
    };
    view! {
        <div class="editor" on:keydown=escaped>
            <MessageBox
                node
                label=move || locale.chat().edit
                text=content.get_value()
                send
            />
            <div class="editor-actions">
                <button type="button" class="quiet" on:click=move |_| editing.set(false)>
                    {locale.chat_text(|m| m.cancel)}
                </button>
                <button type="button" class="quiet strong" on:click=move |_| send.run(())>
                    {locale.chat_text(|m| m.ask_again)}
                </button>
            </div>
        </div>
    }
    .into_any()
}
