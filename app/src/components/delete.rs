use std::pin::Pin;

use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::{
    api_error::ApiError, browser, components::Announcer, hooks::in_time, messages::Locale,
};

/// Deletes the thing of that id.
pub(crate) type DeleteCall = fn(String) -> Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

/// A button that asks for confirmation before it deletes. The keyboard's focus goes to the answer
/// that changes nothing, and afterwards back to the button or on to the next item.
#[component]
pub(crate) fn Delete(
    id: String,
    item: NodeRef<html::Li>,
    deleted: RwSignal<bool>,
    delete: DeleteCall,
) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let asking = RwSignal::new(false);
    let hint = RwSignal::new(String::new());
    let question = format!("delete-{id}");
    let button = format!("{question}-button");
    let name = format!("{button} title-{id}");
    // The reader may be on another page before the server answers.
    let confirmed = Callback::new(move |()| {
        hint.set(String::new());
        let (id, messages) = (id.clone(), locale.messages_untracked());
        spawn_local(async move {
            match in_time(delete(id)).await {
                Err(error) if !error.is_not_found() => {
                    hint.try_set(messages.not_deleted.to_owned());
                }
                _ => {
                    announcer.announce(messages.deleted);
                    leave(item);
                    deleted.try_set(true);
                }
            }
        });
    });
    let (first, safe) = (NodeRef::<html::Button>::new(), NodeRef::<html::Button>::new());
    Effect::new(move |before: Option<bool>| {
        let asks = asking.get();
        if before.is_some_and(|before| before != asks) {
            browser::focus(if asks { safe } else { first });
        }
        asks
    });
    view! {
        <div class="item-delete scripted">
            <button
                type="button"
                class="quiet"
                id=button
                aria-labelledby=name
                hidden=asking
                node_ref=first
                on:click=move |_| asking.set(true)
            >
                {locale.text(|m| m.delete)}
            </button>
            <Question id=question asking safe delete=confirmed/>
            <span role="alert">{hint}</span>
        </div>
    }
    .into_any()
}

/// The question whether to delete, with its two answers.
#[component]
fn Question(
    /// The id of the element that holds the question.
    id: String,
    asking: RwSignal<bool>,
    /// The answer that changes nothing.
    safe: NodeRef<html::Button>,
    delete: Callback<()>,
) -> impl IntoView {
    let locale = Locale::here();
    let escaped = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            event.prevent_default();
            asking.set(false);
        }
    };
    view! {
        <span class="asking" hidden=move || !asking.get() on:keydown=escaped>
            <span id=id.clone()>{locale.text(|m| m.delete_sure)}</span>
            <button type="button" class="quiet danger" on:click=move |_| delete.run(())>
                {locale.text(|m| m.yes)}
            </button>
            <button
                type="button"
                class="quiet"
                aria-describedby=id
                node_ref=safe
                on:click=move |_| asking.set(false)
            >
                {locale.text(|m| m.no)}
            </button>
        </span>
    }
    .into_any()
}

/// Moves the focus from a deleted item to the next one that is left, or else to the heading.
fn leave(item: NodeRef<html::Li>) {
    let Some(item) = item.try_get_untracked().flatten().map(Element::from) else { return };
    if !browser::is_focus_lost() && !item.contains(document().active_element().as_deref()) {
        return;
    }
    let mut next = item.next_element_sibling();
    while let Some(hidden) = next.take_if(|item| item.has_attribute("hidden")) {
        next = hidden.next_element_sibling();
    }
    let link = next.and_then(|next| next.query_selector("a").ok()?);
    let goal = link.or_else(|| document().query_selector("h1").ok()?);
    if let Some(goal) = goal.and_then(|goal| goal.dyn_into::<HtmlElement>().ok()) {
        let _ = goal.focus();
    }
}
