use leptos::prelude::*;

/// Whether the reader has asked for an empty page, from any page.
#[derive(Clone, Copy)]
pub(crate) struct Fresh(RwSignal<bool>);

impl Fresh {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(false))
    }

    /// The one in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    pub(crate) fn ask(self) {
        self.0.set(true);
    }

    /// Whether it was asked for since the last call. Tracked.
    pub(crate) fn take(self) -> bool {
        let is_asked = self.0.get();
        if is_asked {
            self.0.set(false);
        }
        is_asked
    }
}
