use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::{browser, components::Announcer, messages::Locale};

/// How long a button says that its code has been copied.
const SAID_FOR: std::time::Duration = std::time::Duration::from_secs(2);

/// What a click within a formatted text does: on a button of a block of code, it copies the code.
pub(super) fn on_click(locale: Locale, announcer: Announcer) -> impl Fn(ev::MouseEvent) {
    move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("button.copy").ok().flatten());
        let Some(button) = button else { return };
        let Some(code) = code_of(&button) else { return };
        spawn_local(async move {
            let done = browser::copy(&code).await;
            let messages = locale.messages_untracked();
            announcer.announce(if done { messages.copied } else { messages.not_copied });
            if done {
                button.set_text_content(Some(messages.copied));
                let restore = move || {
                    button.set_text_content(Some(locale.messages_untracked().copy));
                };
                set_timeout(restore, SAID_FOR);
            }
        });
    }
}

/// Writes the buttons' label in another language.
pub(super) fn relabel(root: &Element, label: &str) {
    let Ok(buttons) = root.query_selector_all("button.copy") else { return };
    for index in 0..buttons.length() {
        if let Some(button) = buttons.item(index) {
            button.set_text_content(Some(label));
        }
    }
}

fn code_of(button: &Element) -> Option<String> {
    let block = button.closest(".code").ok()??;
    block.query_selector("pre").ok()??.text_content()
}
