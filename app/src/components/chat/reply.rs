use leptos::{html, prelude::*};
use protocol::Status;

use super::{basis::Basis, versions::Versions};
use crate::{
    components::{CopyButton, Markdown},
    messages::{FailureMessage, Locale},
    thread_view::{Row, ThreadView},
};

/// An answer as it grows, what it is based on, and what the reader can do with it.
#[component]
pub(super) fn Reply(row: Memo<Option<Row>>, id: String) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let id = StoredValue::new(id);
    let status = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.status)));
    let is_running = move || status.get() == Some(Status::Running);
    let state = move || match status.get() {
        Some(Status::Running) | None => "running",
        Some(Status::Completed) => "completed",
        Some(Status::Stopped) => "stopped",
        Some(Status::Failed) => "failed",
    };
    view! {
        <div class="answer" data-testid="answer" data-reply=state>
            <h2 class="visually-hidden">{locale.chat_text(|m| m.answer)}</h2>
            <ReplyText id is_running=Signal::derive(is_running)/>
            <p class="unscripted" hidden=move || !is_running()>
                <a href="" rel="external">{locale.chat_text(|m| m.reload)}</a>
            </p>
            <p class="status" hidden=move || !is_running()>
                {move || {
                    let messages = locale.chat();
                    if view.has_begun(&id.get_value()) { messages.writing } else { messages.waiting }
                }}
            </p>
            <Ending row id/>
            <Basis row/>
            <div class="turn-actions" hidden=is_running>
                <CopyButton
                    label=move || locale.chat().copy.to_owned()
                    text=move |()| view.content(&id.get_value()).into()
                />
                <button
                    type="button"
                    class="quiet scripted"
                    data-testid="again"
                    hidden=move || view.is_running()
                    on:click=move |_| view.regenerate(id.get_value())
                >
                    {locale.chat_text(|m| m.again)}
                </button>
                <Versions row/>
            </div>
        </div>
    }
    .into_any()
}

/// The text, as far as it is known. The view writes the rest into the element.
#[component]
fn ReplyText(id: StoredValue<String>, is_running: Signal<bool>) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let node = NodeRef::<html::Div>::new();
    let blocks = id.with_value(|id| view.blocks(id));
    let language = move || {
        is_running.track();
        locale.tag_of(&view.content(&id.get_value()))
    };
    let text = view! { <Markdown blocks node busy=is_running/> };
    // Later than the effect of the text itself, which writes what is known.
    Effect::new(move |_| {
        if let Some(root) = node.get() {
            view.attach(id.get_value(), root.into());
        }
    });
    let own = id.get_value();
    on_cleanup(move || view.detach(&own));
    view! { <div class="answer-text" lang=language data-testid="answer-text">{text}</div> }
        .into_any()
}

/// Says how an answer has ended, unless it is whole.
#[component]
fn Ending(row: Memo<Option<Row>>, id: StoredValue<String>) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let failure = Memo::new(move |_| row.with(|row| row.as_ref()?.error.clone()));
    let status = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.status)));
    let again = move || {
        view! {
            <button
                type="button"
                class="quiet again scripted"
                hidden=move || view.is_running()
                on:click=move |_| view.regenerate(id.get_value())
            >
                {locale.text(|m| m.again)}
            </button>
        }
    };
    move || {
        let is_empty = || view.content(&id.get_value()).is_empty();
        match (status.get()?, failure.get()) {
            (Status::Failed, failure) => {
                let code = failure.as_ref().map(|failure| failure.code)?;
                let message =
                    move || -> FailureMessage { (locale.messages().failure)(code.into()) };
                let detail = failure.map(|failure| failure.message).unwrap_or_default();
                Some(
                    view! {
                        <div class="trouble" data-testid="reply-failure">
                            <p class="what">{move || message().what}</p>
                            <p>{move || message().then}</p>
                            <p class="verbatim" lang="en">{detail}</p>
                            {again()}
                        </div>
                    }
                    .into_any(),
                )
            }
            (Status::Stopped, _) => {
                Some(view! { <p class="status">{locale.chat_text(|m| m.stopped)}</p> }.into_any())
            }
            (Status::Completed, _) if is_empty() => Some(
                view! { <p class="status">{locale.chat_text(|m| m.wrote_nothing)}</p> }.into_any(),
            ),
            _ => None,
        }
    }
}
