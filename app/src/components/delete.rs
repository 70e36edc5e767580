use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::{browser, deletions::Deletions, messages::Locale};

/// What can be done with an item of a list, behind a button: deleting it, with a way back.
#[component]
pub(crate) fn ItemMenu(
    /// Its path in the API.
    path: String,
    #[prop(into)] title: Signal<String>,
    item: NodeRef<html::Li>,
) -> impl IntoView {
    let (locale, deletions) = (Locale::here(), Deletions::here());
    let label = move || (locale.desk().more_about)(&title.get());
    let menu = path.replace('/', "-");
    let target = menu.clone();
    let delete = move |_| {
        leave(item);
        let back = Arc::new(move || focus_link(item));
        deletions.delete(path.clone(), &title.get_untracked(), back);
    };
    view! {
        <button
            type="button"
            class="quiet item-more scripted"
            aria-label=label
            popovertarget=menu.clone()
        >
            "⋯"
        </button>
        <div class="menu-list" id=menu popover="auto">
            <button
                type="button"
                class="quiet"
                popovertarget=target
                popovertargetaction="hide"
                on:click=delete
            >
                {locale.desk_text(|m| m.delete)}
            </button>
        </div>
    }
    .into_any()
}

/// Moves the focus from an item that goes to the next one that is left, or else to the heading.
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
    focus(link.or_else(|| document().query_selector("h1").ok()?));
}

/// Moves the focus back to an item that has come back.
fn focus_link(item: NodeRef<html::Li>) {
    request_animation_frame(move || {
        let item = item.try_get_untracked().flatten().map(Element::from);
        focus(item.and_then(|item| item.query_selector("a").ok()?));
    });
}

fn focus(goal: Option<Element>) {
    if let Some(goal) = goal.and_then(|goal| goal.dyn_into::<HtmlElement>().ok()) {
        let _ = goal.focus();
    }
}
