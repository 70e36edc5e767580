use leptos::{ev, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;
use protocol::conversation::Conversation;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{
    composer::Composer, outgoing::OutgoingMessage, source_panel::SourcePanel,
    title::ConversationTitle, turn::TurnView,
};
use crate::{
    browser,
    components::is_composing,
    hooks::{Listener, use_keyboard_inset},
    messages::Locale,
    text::shortened,
    thread_view::{ThreadView, turns},
};

/// How many characters of a title the window's title shows.
const WINDOW_TITLE_CHARS: usize = 60;
/// How many turns are shown at first, and how many more at a time.
const TURNS: usize = 30;

/// A conversation: its turns as they grow, and the box at its foot.
#[component]
pub(crate) fn ThreadPanel(conversation: Conversation) -> impl IntoView {
    let locale = Locale::here();
    let view = ThreadView::new(conversation, Callback::new(|_| ()));
    provide_context(view);
    view.follow();
    use_keyboard_inset();
    Effect::new(move |_| {
        StoredValue::new_local(Listener::on("keydown", move |event| stop_on_escape(view, &event)));
    });
    scroll_to_questions(view);
    let title = move || {
        view.conversation
            .with(|all| format!("{} · Unspool", shortened(&all.title, WINDOW_TITLE_CHARS)))
    };
    let outage = move || {
        let messages = locale.messages();
        view.outage.get().map(|seconds| match seconds {
            0 => messages.lost_now.to_owned(),
            seconds => (messages.lost)(seconds),
        })
    };
    view! {
        <Title text=move || crate::text::in_markup(title())/>
        <article class="chat-thread" data-testid="thread-panel">
            <ConversationTitle/>
            <About/>
            <p class="status" role="alert">{move || view.hint.get()}</p>
            <Turns/>
            <p class="status" hidden=move || !view.is_gone.get()>{locale.chat_text(|m| m.gone)}</p>
            <p class="status outage" data-testid="outage">{outage}</p>
            <div class="composer-dock" hidden=view.is_gone>
                <Composer label=|m| m.ask_on/>
            </div>
        </article>
        <SourcePanel/>
    }
    .into_any()
}

/// Says what text the conversation is about.
#[component]
fn About() -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let source = Memo::new(move |_| {
        view.conversation.with(|all| (all.generation_id.clone(), all.is_source_deleted))
    });
    move || match source.get() {
        (_, true) => Some(
            view! { <p class="status">{locale.chat_text(|m| m.source_deleted)}</p> }.into_any(),
        ),
        (Some(id), false) => Some(
            view! {
                <p class="status about" data-testid="about">
                    {locale.chat_text(|m| m.about)} " "
                    <A href=format!("/g/{id}")>{locale.chat_text(|m| m.about_summary)}</A>
                </p>
            }
            .into_any(),
        ),
        (None, false) => None,
    }
}

#[component]
fn Turns() -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let turns = Memo::new(move |_| view.conversation.with(turns));
    let shown = RwSignal::new(TURNS);
    let keys = move || {
        turns.with(|turns| {
            let from = turns.len().saturating_sub(shown.get());
            turns[from..].iter().map(|turn| turn.key().to_owned()).collect::<Vec<_>>()
        })
    };
    let has_earlier = move || {
        turns.with(Vec::len) > shown.get() || view.conversation.with(|all| all.next.is_some())
    };
    let earlier = move |_| {
        shown.update(|shown| *shown += TURNS);
        if turns.with_untracked(Vec::len) < shown.get_untracked() {
            view.load_earlier();
        }
    };
    view! {
        <button
            type="button"
            class="quiet earlier scripted"
            hidden=move || !has_earlier()
            on:click=earlier
        >
            {locale.chat_text(|m| m.earlier)}
        </button>
        <ol class="turns" data-testid="turns">
            <For each=keys key=Clone::clone let(key)>
                <TurnView turns key/>
            </For>
            <For each=move || view.outgoing.get() key=|outgoing| outgoing.key let(outgoing)>
                <OutgoingMessage outgoing/>
            </For>
        </ol>
    }
    .into_any()
}

/// Stops the reply that runs when Escape is pressed, unless something else was meant.
fn stop_on_escape(view: ThreadView, event: &ev::Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    if event.key() == "Escape"
        && !event.default_prevented()
        && !event.repeat()
        && !is_composing(event)
    {
        view.stop();
    }
}

/// Brings each question to the top of the view when it is sent, and leaves it there. A conversation
/// that is opened shows its last question.
fn scroll_to_questions(view: ThreadView) {
    Effect::new(move |before: Option<usize>| {
        let count = view.outgoing.with(Vec::len);
        if before.map_or(browser::scroll_top() < 1.0, |before| count > before) {
            request_animation_frame(|| {
                let last = document().query_selector(".turn + .turn:last-child").ok().flatten();
                if let Some(turn) = last {
                    turn.scroll_into_view();
                }
            });
        }
        count
    });
}
