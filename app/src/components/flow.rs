use leptos::prelude::*;
use protocol::Language;

use crate::{
    run::Field,
    text::{Block, blocks},
    words::{Locale, Tongue},
};

/// A field's text in blocks. What arrives later is written by a pane, not rendered.
#[component]
pub(crate) fn Flow(
    field: Field,
    /// The language that was asked for.
    #[prop(optional)]
    language: Language,
    /// For tests.
    testid: &'static str,
    /// Whether it is being written.
    #[prop(into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let block = |Block { text, paragraph }| {
        let class = if paragraph { "block paragraph" } else { "block" };
        view! { <p class=class>{text}</p> }
    };
    let written: Vec<_> =
        field.text.with_value(|text| blocks(text)).into_iter().map(block).collect();
    view! {
        <div
            class="flow"
            dir="auto"
            lang=tag_of(field, language)
            node_ref=field.node
            data-testid=testid
            data-final=move || field.is_final.get().then_some("")
            aria-live="off"
            aria-busy=move || busy.get().to_string()
        >
            {written}
        </div>
    }
    .into_any()
}

/// The text's language tag, where it can be told: see [`Locale::tag_of`].
fn tag_of(field: Field, asked: Language) -> impl Fn() -> Option<&'static str> {
    let locale = Locale::here();
    move || {
        // Its first piece tells, and all of it tells better.
        field.is_final.track();
        if !field.begun.get() {
            return None;
        }
        match asked {
            Language::English => Some(Tongue::English.tag()),
            Language::Chinese => Some(Tongue::Chinese.tag()),
            Language::Auto => field.text.with_value(|text| locale.tag_of(text)),
        }
    }
}
