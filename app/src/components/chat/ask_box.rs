use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use protocol::conversation::Conversation;

use super::{Composer, composer::NestedComposer, outgoing::OutgoingMessage};
use crate::{
    generation_view::{GenerationView, Phase},
    messages::Locale,
    thread_view::{BegunConversation, ThreadView},
};

/// A box that begins a conversation and then leads to its page.
#[component]
pub(crate) fn AskBox() -> impl IntoView {
    begin_about(None);
    view! {
        <section class="ask-box" aria-label=Locale::here().chat_text(|m| m.new)>
            <Outbox/>
            <Composer label=|m| m.ask/>
        </section>
    }
    .into_any()
}

/// The same about the text of a generation, under its summary once that is complete.
#[component]
pub(crate) fn AskAboutText(
    run: GenerationView,
    /// The generation's id.
    id: String,
) -> impl IntoView {
    let locale = Locale::here();
    let is_unfinished = move || run.phase.get() != Phase::Completed;
    begin_about(Some(id));
    view! {
        <section
            class="ask-box"
            id="ask"
            aria-label=locale.chat_text(|m| m.ask_about)
            hidden=is_unfinished
            data-testid="ask-about"
        >
            <Outbox/>
            <Suggestions/>
            <NestedComposer label=|m| m.ask_about/>
        </section>
    }
    .into_any()
}

/// Questions that one may begin with, until one is asked.
#[component]
fn Suggestions() -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let question = move |at: usize| {
        let ask = move |_| view.send(locale.desk_untracked().questions[at].to_owned(), None);
        view! {
            <li>
                <button type="button" class="suggestion" on:click=ask>
                    {move || locale.desk().questions[at]}
                </button>
            </li>
        }
    };
    view! {
        <ul
            class="suggestions scripted"
            aria-label=locale.desk_text(|m| m.suggested)
            hidden=move || !view.outgoing.with(Vec::is_empty)
        >
            {(0..3).map(question).collect_view()}
        </ul>
    }
    .into_any()
}

/// The messages that are on their way.
#[component]
fn Outbox() -> impl IntoView {
    let view = ThreadView::here();
    view! {
        <ol class="turns" hidden=move || view.outgoing.with(Vec::is_empty)>
            <For each=move || view.outgoing.get() key=|outgoing| outgoing.key let(outgoing)>
                <OutgoingMessage outgoing/>
            </For>
        </ol>
    }
    .into_any()
}

/// Provides the view of a conversation that has not begun.
fn begin_about(generation_id: Option<String>) {
    let begun: BegunConversation = expect_context();
    let navigate = use_navigate();
    let lead = Callback::new(move |conversation: Conversation| {
        let path = format!("/chat/{}", conversation.id);
        begun.put(conversation);
        navigate(&path, NavigateOptions::default());
    });
    let conversation = Conversation { generation_id, ..Conversation::default() };
    provide_context(ThreadView::new(conversation, lead));
}
