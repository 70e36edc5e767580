//! The texts of the connection page.

mod en;
mod zh;

use en::EN;
use zh::ZH;

use super::{Locale, UiLanguage};
use leptos::prelude::*;

/// The texts of the connection page in one language.
pub(crate) struct DiagnosticsMessages {
    pub(crate) name: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) needs_script: &'static str,

    // Form
    pub(crate) count: &'static str,
    pub(crate) delay: &'static str,
    pub(crate) event_text: &'static str,
    pub(crate) sample: &'static str,
    pub(crate) start: &'static str,
    pub(crate) again: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) cut: &'static str,

    // Progress
    pub(crate) result: &'static str,
    pub(crate) idle: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) progress: fn(u64, u64) -> String,
    pub(crate) over: fn(u64, u64) -> String,
    pub(crate) silence: fn(&str) -> String,
    pub(crate) was_cut: fn(u64) -> String,
    pub(crate) went_on: fn(u64, u64) -> String,

    // Verdicts
    pub(crate) fine: fn(&str) -> String,
    pub(crate) uneven: fn(&str) -> String,
    pub(crate) held_back: fn(&str) -> String,
    pub(crate) cut_off: fn(u64, u64) -> String,
    pub(crate) cut_off_whole: fn(u64) -> String,
    pub(crate) leapt: fn(u64, u64) -> String,
    pub(crate) silent: fn(&str) -> String,
    pub(crate) stalled: fn(u64, &str) -> String,
    pub(crate) away: fn(u64) -> String,
    pub(crate) stayed_away: fn(u64) -> String,
    pub(crate) returned: fn(u64) -> String,
    pub(crate) too_few: &'static str,
    pub(crate) remedies: &'static str,
    /// Says which address in the lines is the server's.
    pub(crate) remedies_note: fn(&str) -> String,
    pub(crate) copy: &'static str,

    // Plot and events
    pub(crate) gaps: &'static str,
    pub(crate) spread: fn([&str; 4]) -> String,
    pub(crate) asked: &'static str,
    pub(crate) ms: fn(&str) -> String,
    pub(crate) seconds: fn(&str) -> String,
    pub(crate) events: &'static str,
}

impl Locale {
    /// The texts of the connection page in the current language, tracked.
    pub(crate) fn diagnostics(self) -> &'static DiagnosticsMessages {
        match self.0.get() {
            UiLanguage::English => &EN,
            UiLanguage::Chinese => &ZH,
        }
    }

    /// One of these texts as a reactive view.
    pub(crate) fn diagnostics_text(
        self,
        choose: fn(&'static DiagnosticsMessages) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || choose(self.diagnostics())
    }
}
