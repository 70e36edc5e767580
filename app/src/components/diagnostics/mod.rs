//! The parts of the connection page.

mod controls;
mod events;
mod feed;
mod health;
mod plot;
mod probe;
mod remedies;
mod verdict;

pub(crate) use controls::Controls;
pub(crate) use events::ReceivedEvents;
pub(crate) use plot::PlotView;
pub(crate) use probe::Probe;
pub(crate) use verdict::VerdictView;

use crate::{messages::Locale, text};

/// A duration for people.
fn span(locale: Locale, ms: f64) -> String {
    let messages = locale.diagnostics();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded, from 0")]
    let ms = ms.max(0.0).round() as u64;
    if ms < 1_000 { (messages.ms)(&ms.to_string()) } else { (messages.seconds)(&text::seconds(ms)) }
}
