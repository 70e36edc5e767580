use std::{collections::VecDeque, time::Duration};

use leptos::prelude::*;

/// How many sentences the region holds, so that several that come at once are all read.
const KEPT: usize = 6;
/// How long a sentence stays there. Without an end, searching or copying the page would find it
/// twice.
const LINGER: Duration = Duration::from_secs(5);

/// Tells screen readers about phases and finished fields, but not about every token.
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

    pub(crate) fn announce(self, sentence: impl Into<String>) {
        self.count.update_value(|count| *count += 1);
        let own = self.count.get_value();
        self.said.update(|said| {
            said.push_back((own, sentence.into()));
            if said.len() > KEPT {
                said.pop_front();
            }
        });
        let forget = move || {
            self.said.try_update(|said| said.retain(|(number, _)| *number != own));
        };
        set_timeout(forget, LINGER);
    }
}

/// The live region. A screen reader reads what is added to it, and not the whole again.
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
