//! The texts of the conversation pages.

mod en;
mod zh;

use en::EN;
use zh::ZH;

use super::{Locale, UiLanguage};
use leptos::prelude::*;

/// The texts of the conversation pages in one language.
pub(crate) struct ChatMessages {
    pub(crate) name: &'static str,
    pub(crate) lead: &'static str,

    // The list
    pub(crate) conversations: &'static str,
    pub(crate) search_label: &'static str,
    pub(crate) none: &'static str,
    pub(crate) no_match: &'static str,
    pub(crate) listed: fn(usize) -> String,
    pub(crate) answering: &'static str,
    pub(crate) about_text: &'static str,
    pub(crate) new: &'static str,

    // The composer
    pub(crate) ask: &'static str,
    pub(crate) ask_on: &'static str,
    pub(crate) ask_about: &'static str,
    pub(crate) ask_short: &'static str,
    pub(crate) send: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) stopping: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) blank: &'static str,
    pub(crate) persona: &'static str,
    pub(crate) no_persona: &'static str,
    pub(crate) personas: &'static str,
    pub(crate) connect: &'static str,

    // The thread
    pub(crate) question: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) writing: &'static str,
    pub(crate) done: &'static str,
    pub(crate) stopped: &'static str,
    pub(crate) wrote_nothing: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) queued: &'static str,
    pub(crate) take_back: &'static str,
    pub(crate) not_sent: &'static str,
    pub(crate) persona_gone: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) ask_again: &'static str,
    pub(crate) again: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) version: fn(usize, usize) -> String,
    pub(crate) previous: &'static str,
    pub(crate) next: &'static str,
    pub(crate) earlier: &'static str,
    pub(crate) reload: &'static str,
    pub(crate) gone: &'static str,

    // What the answer is based on
    pub(crate) about: &'static str,
    pub(crate) about_summary: &'static str,
    pub(crate) source_deleted: &'static str,
    pub(crate) messages_left_out: fn(u64, u64) -> String,
    pub(crate) partly_read: fn(u64) -> String,
    pub(crate) passages: &'static str,
    pub(crate) passage: fn(usize) -> String,
    pub(crate) source: &'static str,
    pub(crate) close: &'static str,
    pub(crate) source_missing: &'static str,

    // The conversation
    pub(crate) rename: &'static str,
    pub(crate) title_label: &'static str,
    pub(crate) save: &'static str,
    pub(crate) not_saved: &'static str,
    pub(crate) delete: &'static str,
}

impl Locale {
    /// The texts of the conversation pages in the current language, tracked.
    pub(crate) fn chat(self) -> &'static ChatMessages {
        match self.0.get() {
            UiLanguage::English => &EN,
            UiLanguage::Chinese => &ZH,
        }
    }

    /// One of these texts as a reactive view.
    pub(crate) fn chat_text(
        self,
        choose: fn(&'static ChatMessages) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || choose(self.chat())
    }
}
