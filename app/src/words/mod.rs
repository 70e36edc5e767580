//! Every word of the page, a language a file.

mod diagnostics;
mod en;
mod zh;

use leptos::prelude::*;
use protocol::{FailureCode, ProblemCode};

use crate::text::is_chinese;

pub(crate) use en::EN;
pub(crate) use zh::ZH;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tongue {
    #[default]
    English,
    Chinese,
}

impl Tongue {
    /// The one a language tag (RFC 5646) asks for, when the page speaks it.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        match tag.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }

    /// What stands in `<html lang>` and in the cookie.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The other one.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::English => Self::Chinese,
            Self::Chinese => Self::English,
        }
    }

    /// Its words.
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &EN,
            Self::Chinese => &ZH,
        }
    }
}

/// The page's language, which can change while it is shown.
#[derive(Clone, Copy)]
pub(crate) struct Locale(pub(crate) RwSignal<Tongue>);

impl Locale {
    /// The locale in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// The words, tracked.
    pub(crate) fn words(self) -> &'static Words {
        self.0.get().words()
    }

    /// The words as they are now, for messages that are said once.
    pub(crate) fn words_untracked(self) -> &'static Words {
        self.0.get_untracked().words()
    }

    /// One word or sentence as a reactive view.
    pub(crate) fn say(
        self,
        choose: fn(&'static Words) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || choose(self.words())
    }

    /// The language tag (RFC 5646) of a text within the page, where it can be told; empty where it
    /// is none that the page speaks around it.
    pub(crate) fn tag_of(self, text: &str) -> Option<&'static str> {
        if is_chinese(text) {
            return Some(Tongue::Chinese.tag());
        }
        (self.0.get() == Tongue::Chinese).then_some("")
    }
}

/// What went wrong, in two sentences.
pub(crate) struct Trouble {
    /// What happened.
    pub(crate) what: &'static str,
    /// What to do.
    pub(crate) then: &'static str,
}

/// Every word of the page in one language.
pub(crate) struct Words {
    // The house
    /// What stands between two sentences.
    pub(crate) space: &'static str,
    pub(crate) tagline: &'static str,
    pub(crate) headline: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) site: &'static str,
    pub(crate) history: &'static str,
    /// Name of the other language, in that language.
    pub(crate) other_language: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) theme_auto: &'static str,
    pub(crate) theme_light: &'static str,
    pub(crate) theme_dark: &'static str,
    pub(crate) needs_script: &'static str,

    // The source
    pub(crate) source: &'static str,
    pub(crate) source_placeholder: &'static str,
    pub(crate) choose_file: &'static str,
    pub(crate) drop_here: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) fold: &'static str,
    pub(crate) length: &'static str,
    pub(crate) short: &'static str,
    pub(crate) medium: &'static str,
    pub(crate) long: &'static str,
    pub(crate) language: &'static str,
    pub(crate) same_language: &'static str,
    pub(crate) summarise: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) stop_waits: &'static str,
    pub(crate) start_keys: &'static str,
    pub(crate) stop_key: &'static str,
    pub(crate) characters: fn(&str) -> String,
    pub(crate) limit: fn(&str) -> String,
    pub(crate) blank: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) too_long: &'static str,
    /// Where a proxy refuses the text, not the server.
    pub(crate) refused_on_the_way: &'static str,
    pub(crate) too_slow: &'static str,
    pub(crate) forbidden: &'static str,
    /// Said to whoever has sent a form: their text is not in the box any more.
    pub(crate) led_back: &'static str,
    pub(crate) no_room: &'static str,
    pub(crate) still_here: &'static str,
    pub(crate) file_too_large: fn(&str) -> String,
    pub(crate) file_not_text: &'static str,
    pub(crate) file_wrong_kind: &'static str,
    pub(crate) unreachable: &'static str,

    // The sheet
    pub(crate) result: &'static str,
    pub(crate) invitation: &'static str,
    pub(crate) try_sample: &'static str,
    pub(crate) sample_en: &'static str,
    pub(crate) sample_zh: &'static str,
    pub(crate) title: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) is_final: &'static str,
    pub(crate) is_partial: &'static str,
    pub(crate) thoughts: &'static str,

    // Status
    pub(crate) connecting: &'static str,
    pub(crate) waiting: fn(u64) -> String,
    pub(crate) reading: &'static str,
    pub(crate) reading_part: fn(u64, u64) -> String,
    pub(crate) thinking: &'static str,
    pub(crate) writing_title: &'static str,
    pub(crate) writing_summary: &'static str,
    pub(crate) lost: fn(u32) -> String,
    pub(crate) lost_now: &'static str,
    pub(crate) back: &'static str,
    pub(crate) done: &'static str,
    pub(crate) stopped: &'static str,
    /// The same where nothing had arrived, or where there is no room for more.
    pub(crate) stopped_short: &'static str,
    pub(crate) removed: &'static str,
    /// The same where nothing had arrived.
    pub(crate) removed_short: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) title_done: fn(&str) -> String,
    pub(crate) summary_done: fn(&str) -> String,
    pub(crate) wrote_nothing: &'static str,
    pub(crate) kept: &'static str,
    /// Where the reader has another text in the box than the one that is tried again.
    pub(crate) again_beside_yours: &'static str,
    pub(crate) again: &'static str,
    pub(crate) model_wrote: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) trouble: fn(FailureCode) -> Trouble,
    pub(crate) partly_read: fn(u64) -> String,

    // Figures
    pub(crate) first_text: &'static str,
    pub(crate) rate: &'static str,
    pub(crate) elapsed: &'static str,
    pub(crate) seconds: fn(&str) -> String,
    pub(crate) per_second: fn(&str) -> String,
    pub(crate) written_by: &'static str,
    pub(crate) builtin_hint: &'static str,
    pub(crate) builtin_how: &'static str,

    // Taking it along
    pub(crate) copy_title: &'static str,
    pub(crate) copy_summary: &'static str,
    pub(crate) copy_markdown: &'static str,
    pub(crate) download: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) not_copied: &'static str,

    // History
    pub(crate) search: &'static str,
    pub(crate) search_label: &'static str,
    pub(crate) all: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) delete_sure: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) not_deleted: &'static str,
    pub(crate) deleted: &'static str,
    pub(crate) older: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) no_history: &'static str,
    pub(crate) no_match: &'static str,
    pub(crate) listed: fn(usize) -> String,
    pub(crate) untitled: &'static str,
    pub(crate) running: &'static str,

    // Lost ways
    pub(crate) not_found: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) start_anew: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) as_json: &'static str,
}

impl Words {
    /// Why a text was not taken, where that can be said better than the server says it.
    pub(crate) fn refusal(&self, code: ProblemCode) -> Option<String> {
        let trouble = |code| {
            let Trouble { what, then } = (self.trouble)(code);
            self.one_after_another(what, then)
        };
        Some(match code {
            ProblemCode::Overloaded => trouble(FailureCode::Overloaded),
            ProblemCode::Internal => trouble(FailureCode::Internal),
            ProblemCode::ShuttingDown => self.unreachable.to_owned(),
            ProblemCode::TooLarge => self.too_long.to_owned(),
            ProblemCode::NoRoom => self.no_room.to_owned(),
            ProblemCode::TooSlow => self.too_slow.to_owned(),
            ProblemCode::Forbidden => self.forbidden.to_owned(),
            ProblemCode::NotFound => self.gone.to_owned(),
            ProblemCode::InvalidField => self.refused.to_owned(),
            _ => return None,
        })
    }

    /// Two sentences as one text.
    pub(crate) fn one_after_another(&self, one: &str, next: &str) -> String {
        format!("{one}{}{next}", self.space)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODES: [FailureCode; 11] = [
        FailureCode::ProviderUnreachable,
        FailureCode::ProviderRejected,
        FailureCode::RateLimited,
        FailureCode::ProviderError,
        FailureCode::InvalidOutput,
        FailureCode::TruncatedOutput,
        FailureCode::InputTooLong,
        FailureCode::Timeout,
        FailureCode::Interrupted,
        FailureCode::Overloaded,
        FailureCode::Internal,
    ];

    #[test]
    fn every_failure_has_words_of_its_own_in_both_languages() {
        for words in [&EN, &ZH] {
            let mut seen: Vec<_> = CODES.iter().map(|&code| ((words.trouble)(code)).what).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), CODES.len());
            assert!(CODES.iter().all(|&code| !((words.trouble)(code)).then.is_empty()));
        }
    }

    #[test]
    fn sentences_stand_apart_only_where_the_language_wants_it() {
        assert_eq!(EN.one_after_another("One.", "Two."), "One. Two.");
        assert_eq!(ZH.one_after_another("一。", "二。"), "一。二。");
    }

    #[test]
    fn languages_are_told_by_their_tags() {
        assert_eq!(Tongue::from_tag("zh-Hans-CN"), Some(Tongue::Chinese));
        assert_eq!(Tongue::from_tag("EN-gb"), Some(Tongue::English));
        assert_eq!(Tongue::from_tag("fr"), None);
        assert_eq!(Tongue::from_tag("ж"), None);
    }

    #[test]
    fn numbers_stand_where_the_language_wants_them() {
        assert_eq!((EN.reading_part)(3, 7), "Reading part 3 of 7");
        assert_eq!((EN.lost)(2), "Connection lost, trying again in 2 s");
        assert_eq!((ZH.reading_part)(3, 7), "正在读第 3 部分，共 7 部分");
    }
}
