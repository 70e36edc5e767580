//! The texts of the page `/settings`.

mod en;
mod zh;

use en::EN;
use leptos::prelude::*;
use zh::ZH;

use super::{Locale, UiLanguage};

/// The texts of the page `/settings` in one language. What the checks find is said by the server.
pub(crate) struct SettingsMessages {
    pub(crate) name: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) model: &'static str,
    pub(crate) on_this_server: &'static str,
    pub(crate) no_key: &'static str,
    /// Takes the key's end, and what sets it.
    pub(crate) key: fn(&str, &str) -> String,
    /// Takes what sets the address.
    pub(crate) from: fn(&str) -> String,
    pub(crate) again: &'static str,
    pub(crate) checking: &'static str,
    pub(crate) works: &'static str,
    /// Takes how many checks failed.
    pub(crate) fails: fn(usize) -> String,
    pub(crate) unreachable: &'static str,
    pub(crate) copy_line: &'static str,

    // What came of a check, for those who do not see its mark
    pub(crate) passed: &'static str,
    pub(crate) noted: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) not_tried: &'static str,

    // The rest
    pub(crate) connect: &'static str,
    pub(crate) connect_how: &'static str,
    pub(crate) connection: &'static str,
    pub(crate) connection_how: &'static str,
    pub(crate) details: &'static str,
    pub(crate) appearance: &'static str,
    pub(crate) appearance_how: &'static str,
    /// Leads here from a failure.
    pub(crate) check_model: &'static str,
}

impl Locale {
    /// The texts of the page `/settings` in the current language, tracked.
    pub(crate) fn settings(self) -> &'static SettingsMessages {
        match self.0.get() {
            UiLanguage::English => &EN,
            UiLanguage::Chinese => &ZH,
        }
    }

    /// One of these texts as a reactive view.
    pub(crate) fn settings_text(
        self,
        choose: fn(&'static SettingsMessages) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || choose(self.settings())
    }
}
