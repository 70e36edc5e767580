//! The texts of the page, one file for each language.

mod chat;
mod desk;
mod diagnostics;
mod en;
mod personas;
mod settings;
mod taking;
mod zh;

use leptos::prelude::*;
use protocol::{Failure, FailureCause, FailureCode, ProblemCode};
use serde_json::Value;

use crate::text::is_chinese;

pub(crate) use chat::ChatMessages;
pub(crate) use desk::DeskMessages;
pub(crate) use en::EN;
pub(crate) use personas::PersonaMessages;
pub(crate) use settings::SettingsMessages;
pub(crate) use zh::ZH;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum UiLanguage {
    #[default]
    English,
    Chinese,
}

impl UiLanguage {
    /// The page's language that a language tag (RFC 5646) asks for, if there is one.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        match tag.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }

    /// The value in `<html lang>` and in the cookie.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language that the switch goes to.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::English => Self::Chinese,
            Self::Chinese => Self::English,
        }
    }

    /// The texts in this language.
    pub(crate) fn messages(self) -> &'static Messages {
        match self {
            Self::English => &EN,
            Self::Chinese => &ZH,
        }
    }
}

/// The page's language, which the reader can switch while the page is shown.
#[derive(Clone, Copy)]
pub(crate) struct Locale(pub(crate) RwSignal<UiLanguage>);

impl Locale {
    /// The locale in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// The texts in the current language, tracked.
    pub(crate) fn messages(self) -> &'static Messages {
        self.0.get().messages()
    }

    /// The texts in the current language, untracked, for what is announced once.
    pub(crate) fn messages_untracked(self) -> &'static Messages {
        self.0.get_untracked().messages()
    }

    /// One text as a reactive view.
    pub(crate) fn text(
        self,
        choose: fn(&'static Messages) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || choose(self.messages())
    }

    /// The language tag (RFC 5646) for a text on the page. It is empty where the page is Chinese
    /// and the text is not, because the text's own language is unknown then.
    pub(crate) fn tag_of(self, text: &str) -> Option<&'static str> {
        self.tag_for(is_chinese(text))
    }

    /// The same where it is known already whether the text is Chinese.
    pub(crate) fn tag_for(self, is_chinese: bool) -> Option<&'static str> {
        if is_chinese {
            return Some(UiLanguage::Chinese.tag());
        }
        (self.0.get() == UiLanguage::Chinese).then_some("")
    }
}

/// What went wrong, in two sentences.
pub(crate) struct FailureMessage {
    /// Says what happened.
    pub(crate) what: String,
    /// Says what to do.
    pub(crate) then: &'static str,
}

/// Why something failed, and who did.
#[derive(Clone, Copy)]
pub(crate) struct Cause<'a> {
    pub(crate) code: FailureCode,
    pub(crate) refusal: Option<FailureCause>,
    /// Host and port of the provider, where they are known.
    pub(crate) host: Option<&'a str>,
    /// The model's name; empty when it is not known.
    pub(crate) model: &'a str,
}

impl<'a> Cause<'a> {
    pub(crate) fn of(failure: &'a Failure, model: &'a str) -> Self {
        let Failure { code, cause, host, .. } = failure;
        Self { code: *code, refusal: *cause, host: host.as_deref(), model }
    }
}

impl From<FailureCode> for Cause<'_> {
    fn from(code: FailureCode) -> Self {
        Self { code, refusal: None, host: None, model: "" }
    }
}

/// The texts of the page in one language.
pub(crate) struct Messages {
    // Header
    /// Separates two sentences.
    pub(crate) space: &'static str,
    pub(crate) tagline: &'static str,
    pub(crate) headline: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) site: &'static str,
    pub(crate) history: &'static str,
    /// The name of the other language, in that language.
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
    pub(crate) shape: &'static str,
    // Where sentences come from
    pub(crate) where_from: fn(&str) -> String,
    pub(crate) not_in_source: &'static str,
    pub(crate) place_of: fn(&str, &str) -> String,
    pub(crate) edit_source: &'static str,
    pub(crate) previous_place: &'static str,
    pub(crate) next_place: &'static str,
    pub(crate) close_place: &'static str,
    /// Stands for a shape of the reader's own.
    pub(crate) own_shape: &'static str,
    pub(crate) own_schema: &'static str,
    pub(crate) bad_schema: &'static str,
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
    /// Shown where a proxy refuses the text, and not the server.
    pub(crate) refused_on_the_way: &'static str,
    pub(crate) too_slow: &'static str,
    pub(crate) forbidden: &'static str,
    /// Shown to somebody who sent the form without JavaScript: the box is empty then.
    pub(crate) led_back: &'static str,
    pub(crate) no_room: &'static str,
    pub(crate) still_here: &'static str,
    pub(crate) file_too_large: fn(&str) -> String,
    pub(crate) file_wrong_kind: &'static str,
    pub(crate) unreachable: &'static str,
    /// The same where there is no text box.
    pub(crate) unreachable_short: &'static str,

    // Result
    pub(crate) result: &'static str,
    pub(crate) sample_en: &'static str,
    pub(crate) sample_zh: &'static str,
    pub(crate) is_partial: &'static str,
    pub(crate) thoughts: &'static str,
    /// Shown in place of a list that has no items.
    pub(crate) none_found: &'static str,
    pub(crate) is_true: &'static str,
    pub(crate) is_false: &'static str,

    // Status
    pub(crate) connecting: &'static str,
    pub(crate) waiting: fn(u64) -> String,
    pub(crate) reading: &'static str,
    pub(crate) reading_part: fn(u64, u64) -> String,
    pub(crate) reading_percent: fn(u64) -> String,
    pub(crate) merging: &'static str,
    pub(crate) thinking: &'static str,
    /// Takes the field's label.
    pub(crate) writing: fn(&str) -> String,
    pub(crate) lost: fn(u32) -> String,
    pub(crate) lost_now: &'static str,
    pub(crate) back: &'static str,
    pub(crate) done: &'static str,
    pub(crate) stopped: &'static str,
    /// The same where nothing had arrived, or where there is little room.
    pub(crate) stopped_short: &'static str,
    pub(crate) removed: &'static str,
    /// The same where nothing had arrived.
    pub(crate) removed_short: &'static str,
    pub(crate) failed: &'static str,
    /// Takes the field's label and its text.
    pub(crate) text_done: fn(&str, &str) -> String,
    /// Takes the label of a list or an object, and what is in it.
    pub(crate) field_done: fn(&str, &str) -> String,
    pub(crate) wrote_nothing: &'static str,
    pub(crate) kept: &'static str,
    /// Shown where the reader has another text in the box than the one that is tried again.
    pub(crate) again_beside_yours: &'static str,
    pub(crate) again: &'static str,
    pub(crate) model_wrote: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) failure: fn(Cause<'_>) -> FailureMessage,
    pub(crate) partly_read: fn(u64) -> String,
    pub(crate) read_in_parts: fn(u64) -> String,
    pub(crate) language_differs: &'static str,

    // Figures
    pub(crate) first_text: &'static str,
    pub(crate) rate: &'static str,
    pub(crate) elapsed: &'static str,
    pub(crate) seconds: fn(&str) -> String,
    pub(crate) per_second: fn(&str) -> String,
    pub(crate) builtin_how: &'static str,

    // Formatted text
    pub(crate) copy: &'static str,
    pub(crate) task_done: &'static str,
    pub(crate) task_open: &'static str,

    // Export
    /// Takes the field's label.
    pub(crate) copy_field: fn(&str) -> String,
    pub(crate) download: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) not_copied: &'static str,

    // History
    pub(crate) search: &'static str,
    pub(crate) search_label: &'static str,
    pub(crate) all: &'static str,
    pub(crate) not_deleted: &'static str,
    pub(crate) older: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) no_history: &'static str,
    pub(crate) no_match: &'static str,
    pub(crate) listed: fn(usize) -> String,
    pub(crate) untitled: &'static str,
    pub(crate) running: &'static str,

    // Pages that do not exist
    pub(crate) not_found: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) start_anew: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) as_json: &'static str,
}

impl Messages {
    /// Why a text was refused, where the page can explain that better than the server's problem
    /// body.
    pub(crate) fn refusal(&self, code: ProblemCode) -> Option<String> {
        let failure = |code| {
            let FailureMessage { what, then } = (self.failure)(Cause::from(code));
            self.join_sentences(&what, then)
        };
        Some(match code {
            ProblemCode::Overloaded => failure(FailureCode::Overloaded),
            ProblemCode::Internal => failure(FailureCode::Internal),
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

    /// A number, a boolean or null as the page shows it.
    pub(crate) fn scalar(&self, value: &Value) -> String {
        match value {
            Value::Bool(true) => self.is_true.to_owned(),
            Value::Bool(false) => self.is_false.to_owned(),
            Value::Number(number) => number.to_string(),
            _ => "–".to_owned(),
        }
    }

    /// Joins two sentences as the language wants it.
    pub(crate) fn join_sentences(&self, one: &str, next: &str) -> String {
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
        for messages in [&EN, &ZH] {
            let mut seen: Vec<_> =
                CODES.iter().map(|&code| (messages.failure)(code.into()).what).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), CODES.len());
            assert!(CODES.iter().all(|&code| !((messages.failure)(code.into())).then.is_empty()));
        }
    }

    #[test]
    fn sentences_stand_apart_only_where_the_language_wants_it() {
        assert_eq!(EN.join_sentences("One.", "Two."), "One. Two.");
        assert_eq!(ZH.join_sentences("一。", "二。"), "一。二。");
    }

    #[test]
    fn languages_are_told_by_their_tags() {
        assert_eq!(UiLanguage::from_tag("zh-Hans-CN"), Some(UiLanguage::Chinese));
        assert_eq!(UiLanguage::from_tag("EN-gb"), Some(UiLanguage::English));
        assert_eq!(UiLanguage::from_tag("fr"), None);
        assert_eq!(UiLanguage::from_tag("ж"), None);
    }

    #[test]
    fn numbers_stand_where_the_language_wants_them() {
        assert_eq!((EN.reading_part)(3, 7), "Reading part 3 of 7");
        assert_eq!((EN.lost)(2), "Connection lost, trying again in 2 s");
        assert_eq!((ZH.reading_part)(3, 7), "正在读第 3 部分，共 7 部分");
    }
}
