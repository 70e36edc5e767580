use leptos::prelude::*;

/// A sentence that says what is in the way; empty when nothing is.
#[component]
pub(crate) fn Hint(
    /// The sentence.
    #[prop(into)]
    sentence: Signal<String>,
) -> impl IntoView {
    view! {
        <p class="hint" id="hint" role="alert" data-testid="hint">
            // Nothing rather than an empty text, so that the line takes no room.
            {move || Some(sentence.get()).filter(|sentence| !sentence.is_empty())}
        </p>
    }
}
