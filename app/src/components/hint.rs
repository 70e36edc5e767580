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
            {move || sentence.get()}
        </p>
    }
}
