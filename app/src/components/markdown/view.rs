use leptos::{html, prelude::*};
use protocol::markdown::{Block, Children, Edit};

use super::{LiveMarkdown, copy};
use crate::{components::Announcer, messages::Locale};

/// A formatted text. The server writes the blocks as HTML; in the browser they are written as
/// elements where the server has not done so. What comes later is written into the element by a
/// [`LiveMarkdown`].
#[component]
pub fn Markdown(
    /// What is known of it.
    blocks: Vec<Block>,
    /// The element that holds it.
    node: NodeRef<html::Div>,
    /// Whether it is being written.
    #[prop(into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let element = view! {
        <div
            class="markdown"
            node_ref=node
            aria-live="off"
            aria-busy=move || busy.get().to_string()
            on:click=copy::on_click(locale, announcer)
        ></div>
    };
    #[cfg(feature = "ssr")]
    let element =
        element.into_inner().inner_html(super::to_html(&blocks, locale.0.get_untracked().tag()));
    let blocks = StoredValue::new(Some(blocks));
    Effect::new(move |_| {
        let Some(root) = node.get() else { return };
        let blocks = blocks.try_update_value(Option::take).flatten();
        if let Some(blocks) = blocks.filter(|_| root.child_element_count() == 0) {
            let live = LiveMarkdown::new(root.into(), locale.0.get_untracked().tag());
            // An empty document takes blocks.
            let _ = live.apply(&Edit { at: 0, drop: 0, push: Children::Blocks(blocks) });
        }
    });
    Effect::new(move |_| {
        let label = locale.messages().copy;
        if let Some(root) = node.get() {
            copy::relabel(&root, label);
        }
    });
    element.into_any()
}
