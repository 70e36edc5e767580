//! What the connection page is made of.

mod controls;
mod feed;
mod health;
mod messages;
mod plot;
mod probe;
mod remedies;
mod verdict;

pub(crate) use controls::Controls;
pub(crate) use messages::Messages;
pub(crate) use plot::PlotView;
pub(crate) use probe::Probe;
pub(crate) use verdict::VerdictView;

use crate::{text, words::Locale};

/// A span of time as people say it.
fn span(locale: Locale, ms: f64) -> String {
    let words = locale.diagnostics();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded, from 0")]
    let ms = ms.max(0.0).round() as u64;
    if ms < 1_000 { (words.ms)(&ms.to_string()) } else { (words.seconds)(&text::seconds(ms)) }
}
