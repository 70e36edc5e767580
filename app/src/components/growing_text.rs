use leptos::prelude::*;
use protocol::Language;

use crate::{
    document::TextField,
    messages::{Locale, UiLanguage},
    text::Block,
};

/// A text in blocks. This renders what is known when the field is shown; a pane writes the rest into
/// the element.
#[component]
pub(crate) fn GrowingText(
    field: TextField,
    /// The text as far as it is rendered here, in blocks.
    rendered: Vec<Block>,
    #[prop(optional)] is_final: Option<RwSignal<bool>>,
    /// The language that was asked for.
    #[prop(optional)]
    language: Language,
    /// The test id.
    testid: String,
) -> impl IntoView {
    let locale = Locale::here();
    let block = |Block { text, paragraph }| {
        let class = if paragraph { "block paragraph" } else { "block" };
        view! { <p class=class>{text}</p> }
    };
    let rendered: Vec<_> = rendered.into_iter().map(block).collect();
    let tag = move || {
        field.begun.get().then(|| match language {
            Language::English => Some(UiLanguage::English.tag()),
            Language::Chinese => Some(UiLanguage::Chinese.tag()),
            Language::Auto => locale.tag_for(field.is_chinese.get()),
        })?
    };
    view! {
        <div
            class="flow"
            dir="auto"
            lang=tag
            node_ref=field.node
            data-testid=testid
            data-final=move || is_final.is_some_and(|is_final| is_final.get()).then_some("")
            aria-live="off"
            aria-busy=move || field.is_busy.get().to_string()
        >
            {rendered}
        </div>
    }
    .into_any()
}
