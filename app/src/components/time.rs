use leptos::prelude::*;

use crate::{browser, text};

/// Whether the reader's time zone is known. The server does not know it, so it is known only once
/// the page has come alive.
#[derive(Clone, Copy)]
pub(crate) struct TimeZone(RwSignal<bool>);

impl TimeZone {
    pub(crate) fn new() -> Self {
        let is_known = RwSignal::new(false);
        Effect::new(move |_| is_known.set(true));
        Self(is_known)
    }
}

/// A moment, in UTC at first and in the reader's time zone when that is known.
#[component]
pub(crate) fn Time(
    /// Milliseconds since the Unix epoch.
    epoch_ms: u64,
) -> impl IntoView {
    let TimeZone(is_known) = expect_context();
    let shown = move || match is_known.get() {
        true => text::utc(epoch_ms, browser::utc_offset_min(epoch_ms)),
        false => format!("{} UTC", text::utc(epoch_ms, 0)),
    };
    let machine = format!("{}Z", text::utc(epoch_ms, 0).replace(' ', "T"));
    view! { <time datetime=machine>{shown}</time> }
}
