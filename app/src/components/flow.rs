use leptos::prelude::*;

use crate::{
    run::Field,
    text::{Block, blocks},
};

/// A field's text in blocks. What arrives later is written by a pane, not rendered.
#[component]
pub(crate) fn Flow(
    field: Field,
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
