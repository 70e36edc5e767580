use leptos::{ev::Event, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::DragEvent;

use crate::{hooks::Listener, messages::Locale, workspace::Workspace};

/// Takes files that are dropped anywhere in the window, and shows that it does while one is dragged.
#[component]
pub(super) fn DropZone() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let dragged = RwSignal::new(false);
    let over = move |event: Event| {
        if brings_file(&event) {
            event.prevent_default();
            dragged.set(true);
        }
    };
    let left = move |event: Event| {
        // Otherwise the pointer has only gone on to another element.
        let event = event.dyn_ref::<DragEvent>();
        if event.is_none_or(|event| event.related_target().is_none()) {
            dragged.set(false);
        }
    };
    let dropped = move |event: Event| {
        dragged.set(false);
        if brings_file(&event) {
            event.prevent_default();
            let event = event.dyn_ref::<DragEvent>();
            let files = event.and_then(|event| event.data_transfer()?.files());
            files.iter().for_each(|files| workspace.read_files(files));
        }
    };
    Effect::new(move |_| {
        StoredValue::new_local([
            Listener::on("dragover", over),
            Listener::on("dragleave", left),
            Listener::on("drop", dropped),
        ]);
    });
    view! {
        <p class="drop-note" aria-hidden="true" hidden=move || !dragged.get()>
            {locale.text(|m| m.drop_here)}
        </p>
    }
    .into_any()
}

/// Whether a file is dragged. Dragged text is left to the browser.
fn brings_file(event: &Event) -> bool {
    let event = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    event.is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
