use leptos::prelude::*;

/// A sentence that says what prevents the start; nothing when nothing does.
#[component]
pub(crate) fn Hint(
    #[prop(into)] sentence: Signal<String>,
    #[prop(default = "hint")] id: &'static str,
) -> impl IntoView {
    view! {
        <p class="hint" id=id role="alert" data-testid="hint">
            // An empty text would still take the height of a line.
            {move || Some(sentence.get()).filter(|sentence| !sentence.is_empty())}
        </p>
    }
}
