//! The texts of the persona pages.

mod en;
mod zh;

use en::EN;
use protocol::conversation::Origin;
use zh::ZH;

use super::{Locale, UiLanguage};
use leptos::prelude::*;

/// The texts of the persona pages in one language.
pub(crate) struct PersonaMessages {
    pub(crate) name: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) none: &'static str,

    // The form
    pub(crate) new: &'static str,
    pub(crate) create: &'static str,
    pub(crate) name_label: &'static str,
    pub(crate) instruction_label: &'static str,
    pub(crate) instruction_hint: &'static str,
    pub(crate) profile_label: &'static str,
    pub(crate) profile_hint: &'static str,
    pub(crate) save: &'static str,
    pub(crate) saved: &'static str,
    pub(crate) not_saved: &'static str,
    pub(crate) name_blank: &'static str,

    // Teaching
    pub(crate) teach: &'static str,
    pub(crate) teach_hint: &'static str,
    pub(crate) teach_label: &'static str,
    pub(crate) teach_blank: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) learning: &'static str,
    pub(crate) learnt: fn(u64) -> String,
    pub(crate) not_learnt: &'static str,
    pub(crate) already_learning: &'static str,

    // Versions
    pub(crate) versions: &'static str,
    pub(crate) version: fn(u64) -> String,
    pub(crate) current: &'static str,
    pub(crate) restore: &'static str,
    pub(crate) origin: fn(Origin) -> &'static str,

    pub(crate) chat: &'static str,
}

impl Locale {
    /// The texts of the persona pages in the current language, tracked.
    pub(crate) fn personas(self) -> &'static PersonaMessages {
        match self.0.get() {
            UiLanguage::English => &EN,
            UiLanguage::Chinese => &ZH,
        }
    }

    /// One of these texts as a reactive view.
    pub(crate) fn personas_text(
        self,
        choose: fn(&'static PersonaMessages) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || choose(self.personas())
    }
}
