use leptos::prelude::*;

/// Says things to screen readers: states and finished fields, never every token.
#[derive(Clone, Copy)]
pub(crate) struct Announcer(RwSignal<String>);

impl Announcer {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(String::new()))
    }

    /// The announcer in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    pub(crate) fn say(self, sentence: impl Into<String>) {
        self.0.set(sentence.into());
    }
}

/// The region that is read out.
#[component]
pub(crate) fn LiveRegion() -> impl IntoView {
    let Announcer(sentence) = Announcer::here();
    view! {
        <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
            {sentence}
        </div>
    }
}
