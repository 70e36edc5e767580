use leptos::prelude::*;

use crate::{
    messages::Locale,
    thread_view::{Outgoing, OutgoingState, ThreadView},
};

/// A message that is not in the conversation yet.
#[component]
pub(super) fn OutgoingMessage(outgoing: Outgoing) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let key = outgoing.key;
    let state = Memo::new(move |_| {
        view.outgoing
            .with(|all| all.iter().find(|other| other.key == key).map(|other| other.state.clone()))
    });
    let is_failed = move || matches!(state.get(), Some(OutgoingState::Failed(_)));
    let sentence = move || {
        let messages = locale.chat();
        match state.get() {
            Some(OutgoingState::Queued) if view.is_running() => messages.queued.to_owned(),
            Some(OutgoingState::Failed(why)) => {
                locale.messages().join_sentences(messages.not_sent, &why)
            }
            _ => messages.sending.to_owned(),
        }
    };
    let taken = move |_| {
        if let Some(text) = view.take_back(key) {
            view.put_back(&text);
        }
    };
    view! {
        <li class="turn outgoing" data-testid="outgoing">
            <div class="question">
                <div class="question-text" dir="auto">{outgoing.turn.content}</div>
            </div>
            <p class="status" class:what=is_failed role="status">{sentence}</p>
            <div class="editor-actions">
                <button
                    type="button"
                    class="quiet"
                    hidden=move || !is_failed()
                    on:click=move |_| view.send_again(key)
                >
                    {locale.text(|m| m.again)}
                </button>
                <button
                    type="button"
                    class="quiet"
                    hidden=move || matches!(state.get(), Some(OutgoingState::Sending) | None)
                    on:click=taken
                >
                    {locale.chat_text(|m| m.take_back)}
                </button>
            </div>
        </li>
    }
    .into_any()
}
