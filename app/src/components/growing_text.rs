use leptos::prelude::*;
use protocol::Language;

use crate::{
    generation_view::Field,
    messages::{Locale, UiLanguage},
    text::{Block, blocks},
};

/// The text of a field in blocks. This renders what is known; a pane writes the rest into the
/// element.
#[component]
pub(crate) fn GrowingText(
    field: Field,
    /// The language that was asked for.
    #[prop(optional)]
    language: Language,
    /// The test id.
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

/// The language tag of the text, see [`Locale::tag_of`].
fn tag_of(field: Field, asked: Language) -> impl Fn() -> Option<&'static str> {
    let locale = Locale::here();
    move || {
        // The tag is determined with the first piece, and again when the whole text is there.
        field.is_final.track();
        if !field.begun.get() {
            return None;
        }
        match asked {
            Language::English => Some(UiLanguage::English.tag()),
            Language::Chinese => Some(UiLanguage::Chinese.tag()),
            Language::Auto => field.text.with_value(|text| locale.tag_of(text)),
        }
    }
}
