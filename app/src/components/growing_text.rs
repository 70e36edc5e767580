use leptos::{attr::custom::custom_attribute, prelude::*};
use protocol::{Language, markdown::Block};

use super::Markdown;
use crate::{
    document::TextField,
    messages::{Locale, UiLanguage},
    text,
};

/// A text in blocks. This renders what is known when the field is shown; a pane writes the rest into
/// the element.
#[component]
pub(crate) fn GrowingText(
    field: TextField,
    /// The text as far as it is rendered here, in blocks.
    rendered: Vec<text::Block>,
    #[prop(optional)] is_final: Option<RwSignal<bool>>,
    /// Whether it is the page's heading.
    #[prop(optional)]
    is_title: bool,
    /// The language that was asked for.
    #[prop(optional)]
    language: Language,
    /// The test id.
    testid: String,
) -> impl IntoView {
    let locale = Locale::here();
    let block = |text::Block { text, paragraph }| {
        let class = if paragraph { "block paragraph" } else { "block" };
        view! { <p class=class>{text}</p> }
    };
    let rendered: Vec<_> = rendered.into_iter().map(block).collect();
    let tag = language_tag(field, language, locale);
    let level = custom_attribute("aria-level", is_title.then_some("1"));
    view! {
        <div
            class="flow"
            role=is_title.then_some("heading")
            dir="auto"
            lang=tag
            node_ref=field.node
            data-testid=testid
            data-final=move || is_final.is_some_and(|is_final| is_final.get()).then_some("")
            aria-live="off"
            aria-busy=move || field.is_busy.get().to_string()
            {..level}
        >
            {rendered}
        </div>
    }
    .into_any()
}

/// A whole text that is Markdown.
#[component]
pub(crate) fn FormattedText(
    blocks: Vec<Block>,
    text: TextField,
    /// The language that was asked for.
    language: Language,
    /// The test id.
    testid: String,
) -> impl IntoView {
    let tag = language_tag(text, language, Locale::here());
    view! {
        <div class="flow formatted" dir="auto" lang=tag data-testid=testid data-final="">
            <Markdown blocks node=NodeRef::new() busy=false/>
        </div>
    }
    .into_any()
}

/// The language of what is written, as far as that is known.
fn language_tag(
    field: TextField,
    language: Language,
    locale: Locale,
) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
    move || {
        field.begun.get().then(|| match language {
            Language::Auto => locale.tag_for(field.is_chinese.get()),
            Language::Chinese => Some(UiLanguage::Chinese.tag()),
            language => Some(language.tag()),
        })?
    }
}
