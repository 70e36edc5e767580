use std::collections::VecDeque;

use leptos::prelude::*;

/// How many sentences stay in the region. What comes at once is said one after the other.
const KEPT: usize = 6;

/// Says things to screen readers: states and finished fields, never every token.
#[derive(Clone, Copy)]
pub(crate) struct Announcer {
    said: RwSignal<VecDeque<(u64, String)>>,
    count: StoredValue<u64>,
}

impl Announcer {
    pub(crate) fn new() -> Self {
        Self { said: RwSignal::new(VecDeque::new()), count: StoredValue::new(0) }
    }

    /// The announcer in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    pub(crate) fn say(self, sentence: impl Into<String>) {
        self.count.update_value(|count| *count += 1);
        let line = (self.count.get_value(), sentence.into());
        self.said.update(|said| {
            said.push_back(line);
            if said.len() > KEPT {
                said.pop_front();
            }
        });
    }
}

/// The region that is read out: what is new in it, not the whole again.
#[component]
pub(crate) fn LiveRegion() -> impl IntoView {
    let said = Announcer::here().said;
    view! {
        <div
            class="visually-hidden"
            role="status"
            aria-live="polite"
            aria-atomic="false"
            data-testid="announcer"
        >
            <For each=move || said.get() key=|(number, _)| *number let((_, sentence))>
                <p>{sentence}</p>
            </For>
        </div>
    }
}
