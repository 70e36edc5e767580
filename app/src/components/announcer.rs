use std::{collections::VecDeque, time::Duration};

use leptos::prelude::*;

/// How many sentences stay in the region. What comes at once is said one after the other.
const KEPT: usize = 6;
/// How long one stays there: whoever looks for a word or copies the page finds it no second time.
const LINGER: Duration = Duration::from_secs(5);

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
