use leptos::{
    ev::{MouseEvent, SubmitEvent},
    prelude::*,
};
use leptos_router::hooks::use_query_map;
use protocol::ProblemCode;

use super::{MessageBox, persona_select::PersonaSelect};
use crate::{
    components::{Hint, ModelSelect},
    hooks::Listener,
    messages::{ChatMessages, Locale},
    page_context::about,
    thread_view::{ThreadView, draft},
};

/// The box at the foot of a conversation, or where one begins.
#[component]
pub(crate) fn Composer(
    /// What the box is for.
    label: fn(&'static ChatMessages) -> &'static str,
) -> impl IntoView {
    let locale = Locale::here();
    let sending = Sending::new();
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        sending.send.run(());
    };
    view! {
        <form
            class="composer"
            method="post"
            action="/chat"
            // The page explains itself why nothing is sent, in place of the browser's bubbles.
            prop:noValidate=true
            data-testid="composer"
            on:submit=submitted
        >
            <Fields label sending/>
            <div class="composer-foot">
                <PersonaSelect/>
                <ModelSelect/>
                <p id="composer-keys" class="keys scripted">{locale.chat_text(|m| m.keys)}</p>
            </div>
            <NoModel/>
        </form>
    }
    .into_any()
}

/// The same within another form, which cannot hold a form.
#[component]
pub(crate) fn NestedComposer(
    /// What the box is for.
    label: fn(&'static ChatMessages) -> &'static str,
) -> impl IntoView {
    view! {
        <div class="composer" data-testid="composer">
            <Fields label sending=Sending::new()/>
        </div>
    }
    .into_any()
}

/// What the box and its button do.
#[derive(Clone, Copy)]
struct Sending {
    hint: RwSignal<String>,
    send: Callback<()>,
    changed: Callback<()>,
}

impl Sending {
    fn new() -> Self {
        let (view, locale) = (ThreadView::here(), Locale::here());
        let hint = RwSignal::new(refusal(locale));
        restore(view);
        Self {
            hint,
            send: Callback::new(move |()| send(view, hint, locale)),
            changed: Callback::new(move |()| {
                hint.set(String::new());
                keep(view);
            }),
        }
    }
}

#[component]
fn Fields(label: fn(&'static ChatMessages) -> &'static str, sending: Sending) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let Sending { hint, send, changed } = sending;
    let (id, generation_id) = view.conversation.with_untracked(|conversation| {
        (conversation.id.clone(), conversation.generation_id.clone())
    });
    let hidden = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value/> })
    };
    let clicked = move |event: MouseEvent| {
        event.prevent_default();
        send.run(());
    };
    view! {
        {hidden("conversation_id", id)}
        {hidden("generation_id", generation_id.unwrap_or_default())}
        <Hint sentence=hint id="composer-hint"/>
        <div class="composer-row">
            <MessageBox
                node=view.composer
                label=move || label(locale.chat())
                send
                changed
                described_by="composer-hint"
            />
            <StopButton/>
            <button
                type="submit"
                class="primary"
                formaction="/chat"
                formmethod="post"
                formnovalidate
                data-testid="send"
                on:click=clicked
            >
                {locale.chat_text(|m| m.send)}
            </button>
        </div>
    }
    .into_any()
}

/// Says that no model is connected, where that matters.
#[component]
fn NoModel() -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let has_source = view.conversation.with_untracked(|all| all.generation_id.is_some());
    (about().provider == "builtin" && !has_source)
        .then(|| view! { <p class="keys">{locale.chat_text(|m| m.connect)}</p> })
}

/// Why the server refused a form that was sent without JavaScript: it redirects to here then.
fn refusal(locale: Locale) -> String {
    let Some(code) = use_query_map().with_untracked(|query| query.get("refused")) else {
        return String::new();
    };
    let code = serde_json::from_value(code.into()).ok();
    match code {
        Some(ProblemCode::InvalidField) => untrack(|| locale.chat()).blank.to_owned(),
        Some(ProblemCode::ReplyRunning) => untrack(|| locale.chat()).queued.to_owned(),
        Some(ProblemCode::ShuttingDown | ProblemCode::Overloaded) | None => {
            locale.messages_untracked().unreachable_short.to_owned()
        }
        Some(code) => locale.messages_untracked().refusal(code).unwrap_or_default(),
    }
}

/// Stops the reply that is being written.
#[component]
fn StopButton() -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let word = move || {
        let messages = locale.chat();
        if view.is_stopping.get() { messages.stopping } else { messages.stop }
    };
    view! {
        <button
            type="button"
            class="quiet scripted"
            data-testid="stop"
            aria-keyshortcuts="Escape"
            hidden=move || !view.is_running()
            on:click=move |_| view.stop()
        >
            {word}
        </button>
    }
    .into_any()
}

fn send(view: ThreadView, hint: RwSignal<String>, locale: Locale) {
    let Some(text_box) = view.composer.get_untracked() else { return };
    let text = text_box.value();
    if protocol::is_blank(&text) {
        hint.set(untrack(|| locale.chat()).blank.to_owned());
        let _ = text_box.focus();
        return;
    }
    text_box.set_value("");
    text_box.set_rows(1);
    hint.set(String::new());
    view.send(text, None);
    keep(view);
}

/// Brings back what was written and not sent.
fn restore(view: ThreadView) {
    Effect::new(move |_| {
        let Some(text_box) = view.composer.get() else { return };
        let id = view.draft_key();
        // What was typed before the page came alive stays.
        if text_box.value().is_empty() {
            text_box.set_value(&draft::stored(&id));
        }
        StoredValue::new_local(Listener::on("pagehide", move |_| keep(view)));
    });
    // Messages that were not sent yet are not lost when the reader goes to another page.
    Effect::new(move |_| {
        view.outgoing.track();
        keep(view);
    });
}

/// Stores what is in the box, after what waits to be sent.
fn keep(view: ThreadView) {
    let Some(text_box) = view.composer.try_get_untracked().flatten() else { return };
    let mut texts = view.outgoing.with_untracked(|all| {
        all.iter().map(|outgoing| outgoing.turn.content.clone()).collect::<Vec<_>>()
    });
    texts.push(text_box.value());
    texts.retain(|text| !text.is_empty());
    let id = view.draft_key();
    draft::store(&id, &texts.join("\n\n"));
}
