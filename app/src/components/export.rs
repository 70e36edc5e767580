use std::sync::Arc;

use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use protocol::{Snapshot, unescape};
use serde_json::json;

use super::copy_button::Copied;
use crate::{
    browser,
    components::CopyButton,
    deletions::Deletions,
    document::{Field, members},
    generation_view::GenerationView,
    hooks::forget_timings,
    messages::Locale,
    text::{shortened, utc},
};

/// How many characters of a title are named when it is deleted.
const TITLE_CHARS: usize = 60;

/// The ways to take the document along: Copy, Share, and the rest behind More.
#[component]
pub(crate) fn Export(
    run: GenerationView,
    /// The generation's id.
    id: String,
    /// The fields as the page shows them.
    fields: NodeRef<html::Div>,
) -> impl IntoView {
    let locale = Locale::here();
    let none = move || !run.is_over.get();
    let empty = move || !run.has_begun.get();
    let copied = move || {
        let link = link_line(run);
        let html = fields.get_untracked().and_then(|fields| browser::plain_html(&fields.into()));
        Copied {
            plain: format!("{}\n{link}\n", run.markdown(locale)),
            html: html.map(|html| format!("{html}<p>{}</p>", escaped(&link))),
        }
    };
    view! {
        <div class="taking scripted" hidden=none>
            <CopyButton
                label=move || locale.desk().copy.to_owned()
                text=move |()| copied()
                hidden=empty
                class="quiet strong"
            />
            <a class="quiet ask-link" href="#ask" rel="external" hidden=empty>
                {locale.chat_text(|m| m.ask_short)}
            </a>
            <More run id/>
        </div>
    }
    .into_any()
}

/// A menu of what is wanted now and then.
#[component]
fn More(run: GenerationView, id: String) -> impl IntoView {
    let locale = Locale::here();
    let copy_field = move |field: Field| {
        let (label_path, text_path) = (field.path.clone(), field.path.clone());
        let label = move || (locale.messages().copy_field)(&run.label(&label_path, locale));
        let text = move |()| Copied::from(run.field_as_text(&text_path, locale));
        view! { <CopyButton label text hidden=move || !field.has_content()/> }
    };
    let empty = move || !run.has_begun.get();
    let download = move |_| {
        if let Some((name, json)) = run.read(file) {
            browser::download(&name, "application/json", &json);
        }
    };
    view! {
        <button
            type="button"
            class="quiet"
            popovertarget="sheet-menu"
        >
            {locale.desk_text(|m| m.more)}
        </button>
        <div class="menu-list" id="sheet-menu" popover="auto">
            <For each=move || run.document.get() key=Field::key children=copy_field/>
            <CopyButton
                label=move || locale.desk().plain_text.to_owned()
                text=move |()| Copied::from(run.plain_text(locale))
                hidden=empty
            />
            <button type="button" class="quiet" hidden=empty on:click=download>
                {locale.text(|m| m.download)}
            </button>
            <button type="button" class="quiet" hidden=empty on:click=|_| browser::print()>
                {locale.desk_text(|m| m.print)}
            </button>
            <DeleteGeneration run id/>
        </div>
    }
    .into_any()
}

/// Deletes the generation and leads to an empty page, with a way back.
#[component]
fn DeleteGeneration(run: GenerationView, id: String) -> impl IntoView {
    let (locale, deletions) = (Locale::here(), Deletions::here());
    let navigate = use_navigate();
    let delete = move |_| {
        let title = run.title().map(|title| run.text_at(&title.path)).unwrap_or_default();
        let title = match title.as_str() {
            "" => locale.messages_untracked().untitled.to_owned(),
            title => shortened(title, TITLE_CHARS),
        };
        let (back, page) = (navigate.clone(), format!("/g/{id}"));
        let back = Arc::new(move || back(&page, NavigateOptions::default()));
        deletions.delete(format!("/api/generations/{id}"), &title, back);
        forget_timings(&id);
        navigate("/", NavigateOptions::default());
    };
    view! {
        <button
            type="button"
            class="quiet"
            popovertarget="sheet-menu"
            popovertargetaction="hide"
            on:click=delete
        >
            {locale.desk_text(|m| m.delete)}
        </button>
    }
    .into_any()
}

/// Where the document is to be found, and of which day it is.
fn link_line(run: GenerationView) -> String {
    let day = utc(run.created_ms, browser::utc_offset_min(run.created_ms));
    format!("<{}> · {}", browser::address(), day.split(' ').next().unwrap_or_default())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The name of the file that a generation is saved as, and its content: the fields, and beside them
/// what is known of the generation, as far as no field has the name.
fn file(snapshot: &Snapshot) -> (String, String) {
    let Snapshot { id, status, provider, model, created_ms, .. } = snapshot;
    let mut file = json!({
        "id": id, "status": status, "provider": provider, "model": model,
        "created": created(*created_ms),
    });
    for (name, value) in members(snapshot) {
        file[&*unescape(&name)] = value.clone();
    }
    (format!("unspool-{id}.json"), format!("{file:#}\n"))
}

/// The time of creation (RFC 3339).
fn created(created_ms: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are far below 2^53")]
    let moment = created_ms as f64;
    js_sys::Date::new(&moment.into()).to_iso_string().into()
}
