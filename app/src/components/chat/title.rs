use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use web_sys::KeyboardEvent;

use crate::{
    browser,
    commands::conversations::delete_conversation,
    components::{Share, Sharing},
    hooks::in_time,
    messages::Locale,
    thread_view::ThreadView,
};

/// The title of a conversation, with ways to change it and to delete the conversation.
#[component]
pub(super) fn ConversationTitle() -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let renaming = RwSignal::new(false);
    let title = move || view.conversation.with(|conversation| conversation.title.clone());
    let language = move || locale.tag_of(&title());
    let shared = move |()| view.conversation.with_untracked(|all| all.id.clone());
    let button = NodeRef::<html::Button>::new();
    Effect::new(move |before: Option<bool>| {
        let renames = renaming.get();
        if before == Some(true) && !renames {
            browser::focus(button);
        }
        renames
    });
    view! {
        <div class="thread-head">
            <h1 tabindex="-1" dir="auto" lang=language hidden=renaming data-testid="title">
                {title}
            </h1>
            <Show when=move || renaming.get()>
                <Rename renaming/>
            </Show>
            <div class="thread-actions scripted" hidden=renaming>
                <A href="/chat" attr:class="quiet">{locale.chat_text(|m| m.new)}</A>
                <button
                    type="button"
                    class="quiet"
                    node_ref=button
                    on:click=move |_| renaming.set(true)
                >
                    {locale.chat_text(|m| m.rename)}
                </button>
                <DeleteConversation/>
                <Share sharing=Sharing::Conversation id=shared/>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Rename(renaming: RwSignal<bool>) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        let title = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        let title = title.trim();
        if !protocol::is_blank(title) {
            view.rename(title.to_owned());
        }
        renaming.set(false);
    };
    let escaped = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            event.prevent_default();
            event.stop_propagation();
            renaming.set(false);
        }
    };
    view! {
        <form class="rename" on:submit=submitted on:keydown=escaped>
            <input
                type="text"
                maxlength=protocol::conversation::MOST_TITLE_CHARS
                aria-label=locale.chat_text(|m| m.title_label)
                value=view.conversation.with_untracked(|conversation| conversation.title.clone())
                node_ref=field
            />
            <button type="submit" class="quiet strong">{locale.chat_text(|m| m.save)}</button>
            <button type="button" class="quiet" on:click=move |_| renaming.set(false)>
                {locale.chat_text(|m| m.cancel)}
            </button>
        </form>
    }
    .into_any()
}

/// A button that asks for confirmation before it deletes the conversation.
#[component]
fn DeleteConversation() -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let (asking, deleting) = (RwSignal::new(false), RwSignal::new(false));
    let (first, safe) = (NodeRef::<html::Button>::new(), NodeRef::<html::Button>::new());
    let navigate = use_navigate();
    Effect::new(move |before: Option<bool>| {
        let asks = asking.get();
        if before.is_some_and(|before| before != asks) {
            browser::focus(if asks { safe } else { first });
        }
        asks
    });
    let delete = move |_| {
        let id = view.conversation.with_untracked(|conversation| conversation.id.clone());
        let navigate = navigate.clone();
        deleting.set(true);
        spawn_local(async move {
            match in_time(delete_conversation(id)).await {
                Err(error) if !error.is_not_found() => {
                    view.hint.try_set(locale.messages_untracked().not_deleted.to_owned());
                    deleting.try_set(false);
                    asking.try_set(false);
                }
                _ => navigate("/chat", NavigateOptions::default()),
            }
        });
    };
    let escaped = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            asking.set(false);
        }
    };
    view! {
        <button
            type="button"
            class="quiet"
            hidden=asking
            node_ref=first
            on:click=move |_| asking.set(true)
        >
            {locale.chat_text(|m| m.delete)}
        </button>
        <span class="asking" hidden=move || !asking.get() on:keydown=escaped>
            <span id="delete-question">{locale.chat_text(|m| m.delete_sure)}</span>
            <button type="button" class="quiet danger" disabled=deleting on:click=delete>
                {locale.text(|m| m.yes)}
            </button>
            <button
                type="button"
                class="quiet"
                aria-describedby="delete-question"
                node_ref=safe
                on:click=move |_| asking.set(false)
            >
                {locale.text(|m| m.no)}
            </button>
        </span>
    }
}
