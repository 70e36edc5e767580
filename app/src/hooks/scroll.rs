use leptos::prelude::*;

use super::guards::{Listener, Timer};
use crate::browser;

/// How long the page has to stand still before it is noted where.
const REST_MS: f64 = 100.0;

/// Notes how far the page at `path` is scrolled in its entry of the browser's history, for
/// [`return_to_place`]: the browser itself brings a reader back before there is anything to scroll.
pub(crate) fn use_place_note(path: &'static str) {
    Effect::new(move |_| {
        let due = StoredValue::new_local(None);
        let scrolled = move |_| {
            let note = move || {
                // The page may have been left, and have another scrolled.
                if browser::path().as_deref() == Some(path) {
                    note();
                }
            };
            due.set_value(Timer::after(REST_MS, note));
        };
        StoredValue::new_local(Listener::on("scroll", scrolled));
    });
}

/// Scrolls to where the reader was before, when there was a before.
pub(crate) fn return_to_place() {
    let place = window().history().and_then(|history| history.state());
    if let Some(place_px) = place.ok().and_then(|place| place.as_f64()) {
        request_animation_frame(move || window().scroll_to_with_x_and_y(0.0, place_px));
    }
}

fn note() {
    let (Ok(history), Ok(place_px)) = (window().history(), window().scroll_y()) else { return };
    let _ = history.replace_state(&place_px.into(), "");
}
