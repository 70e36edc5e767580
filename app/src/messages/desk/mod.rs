//! The texts around the text box and the sheet: undoing, files, doubts, who writes, and the ways to
//! take a summary along.

mod en;
mod zh;

use en::EN;
use zh::ZH;

use super::{Locale, UiLanguage};
use leptos::prelude::*;

/// These texts in one language.
pub(crate) struct DeskMessages {
    // Undoing
    pub(crate) undo: &'static str,
    /// Takes the title of what was deleted.
    pub(crate) deleted: fn(&str) -> String,
    pub(crate) cleared: &'static str,
    /// Takes the file's name.
    pub(crate) replaced: fn(&str) -> String,
    pub(crate) replaced_by_sample: &'static str,
    pub(crate) new: &'static str,
    pub(crate) clear: &'static str,

    // Files
    /// Takes how many were dropped.
    pub(crate) several_files: fn(u32) -> String,
    pub(crate) not_text: &'static str,
    /// Takes the encoding's name.
    pub(crate) read_as: fn(&str) -> String,
    pub(crate) change: &'static str,
    pub(crate) encoding: &'static str,
    /// Takes the minutes that reading takes.
    pub(crate) reading_time: fn(u64) -> String,

    // Doubts
    pub(crate) only_address: &'static str,
    pub(crate) very_short: &'static str,
    pub(crate) send_anyway: &'static str,
    pub(crate) still_writing: &'static str,
    pub(crate) summarise_again: &'static str,
    pub(crate) own_language_only: &'static str,

    // The first visit
    pub(crate) promise: &'static str,
    pub(crate) try_it: &'static str,
    pub(crate) or: &'static str,
    pub(crate) model: &'static str,
    pub(crate) builtin: &'static str,
    pub(crate) connect: &'static str,
    pub(crate) your_text: &'static str,
    pub(crate) stays: &'static str,
    /// Takes the host, which is this machine.
    pub(crate) stays_at: fn(&str) -> String,
    /// Takes the host.
    pub(crate) goes_to: fn(&str) -> String,
    pub(crate) details: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) kept_for_all: &'static str,
    pub(crate) open: &'static str,

    // The sheet
    /// Takes the number of characters.
    pub(crate) reading: fn(&str) -> String,
    /// Takes the model and the host.
    pub(crate) by: fn(&str, &str) -> String,
    pub(crate) picked: &'static str,
    /// Takes the seconds.
    pub(crate) retry_in: fn(u64) -> String,
    pub(crate) retry_now: &'static str,
    pub(crate) provider_says: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) more: &'static str,
    pub(crate) plain_text: &'static str,
    pub(crate) print: &'static str,
    pub(crate) delete: &'static str,

    // History
    /// Takes the title.
    pub(crate) more_about: fn(&str) -> String,
    pub(crate) questions: [&'static str; 3],
    pub(crate) suggested: &'static str,
    pub(crate) still_writing_below: &'static str,
}

impl Locale {
    /// These texts in the current language, tracked.
    pub(crate) fn desk(self) -> &'static DeskMessages {
        Self::desk_in(self.0.get())
    }

    /// The same untracked, for what is said once.
    pub(crate) fn desk_untracked(self) -> &'static DeskMessages {
        Self::desk_in(self.0.get_untracked())
    }

    fn desk_in(language: UiLanguage) -> &'static DeskMessages {
        match language {
            UiLanguage::English => &EN,
            UiLanguage::Chinese => &ZH,
        }
    }

    /// One of these texts as a reactive view.
    pub(crate) fn desk_text(
        self,
        choose: fn(&'static DeskMessages) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || choose(self.desk())
    }
}
