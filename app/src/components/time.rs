use leptos::prelude::*;

use crate::text;

/// The reader's time zone: unknown to the server, known once the page has come alive.
#[derive(Clone, Copy)]
pub(crate) struct TimeZone(RwSignal<Option<i64>>);

impl TimeZone {
    pub(crate) fn new() -> Self {
        let offset_min = RwSignal::new(None);
        Effect::new(move |_| {
            #[expect(clippy::cast_possible_truncation, reason = "minutes of at most a day")]
            let west = js_sys::Date::new_0().get_timezone_offset() as i64;
            offset_min.set(Some(-west));
        });
        Self(offset_min)
    }
}

/// A moment, in the reader's own time as soon as that is known.
#[component]
pub(crate) fn Time(
    /// Milliseconds since the Unix epoch.
    epoch_ms: u64,
) -> impl IntoView {
    let TimeZone(offset_min) = expect_context();
    let shown = move || match offset_min.get() {
        Some(offset_min) => text::utc(epoch_ms, offset_min),
        None => format!("{} UTC", text::utc(epoch_ms, 0)),
    };
    let machine = format!("{}Z", text::utc(epoch_ms, 0).replace(' ', "T"));
    view! { <time datetime=machine>{shown}</time> }
}
