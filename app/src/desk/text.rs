//! The text in the box: its measure, and whose it is.

use leptos::{prelude::*, task::spawn_local};
use web_sys::HtmlTextAreaElement;

use super::Desk;
use crate::{
    commands,
    draft::{Choices, Draft},
    hooks::{retry_until_answered, text_in_time},
    samples,
    text::Measure,
};

impl Desk {
    /// The text box, as long as it is shown.
    pub(super) fn text_box(self) -> Option<HtmlTextAreaElement> {
        self.source.try_get_untracked().flatten()
    }

    /// Whether the desk is still shown. Whoever has waited asks: the reader may have left.
    pub(crate) fn is_here(self) -> bool {
        self.text_box().is_some()
    }

    /// The text in the box.
    pub(crate) fn text(self) -> String {
        self.text_box().map(|text_box| text_box.value()).unwrap_or_default()
    }

    /// Puts what the reader has chosen into the box, and keeps it.
    pub(crate) fn put(self, text: &str) {
        self.claim();
        self.show(text);
        self.keep_draft();
    }

    /// Whether a sample would take the place of nothing that the reader has written.
    pub(crate) fn takes_sample(self) -> bool {
        self.has_sample.get() || self.measure.with(|measure| measure.blank)
    }

    pub(super) fn show(self, text: &str) {
        if let Some(text_box) = self.text_box() {
            text_box.set_value(text);
            text_box.set_scroll_top(0);
        }
        self.weigh();
        self.judge();
    }

    /// Measures the text. Where that is as it was, a hint about something else stays.
    pub(crate) fn weigh(self) {
        let text = self.text();
        let (measure, is_sample) = (Measure::of(&text), samples::is_one(&text));
        if self.has_sample.with_untracked(|before| *before != is_sample) {
            self.has_sample.set(is_sample);
        }
        if self.measure.with_untracked(|before| *before != measure) {
            self.measure.set(measure);
            self.judge();
        }
    }

    /// Says whether the text is too long, and nothing else.
    pub(super) fn judge(self) {
        let too_long = untrack(|| self.is_over_limit());
        let hint = if too_long { self.locale.words_untracked().too_long } else { "" };
        if self.hint.with_untracked(|now| now != hint) {
            self.hint.set(hint.to_owned());
        }
    }

    /// Whether the text is too long to be sent.
    pub(crate) fn is_over_limit(self) -> bool {
        self.measure.get().request_bytes > self.about.with_value(|about| about.max_input_bytes)
    }

    /// Makes the box the reader's: what is in it is their draft from now on.
    pub(crate) fn claim(self) {
        self.aside.set_value(None);
        self.awaited.set_value(None);
    }

    /// Whether the box is the reader's, not a generation's.
    pub(crate) fn is_own(self) -> bool {
        self.aside.with_value(Option::is_none)
    }

    fn choices(self) -> Choices {
        Choices { language: self.language.get_untracked(), length: self.length.get_untracked() }
    }

    fn draft(self) -> Draft {
        Draft { text: self.text(), choices: self.choices() }
    }

    /// Keeps the reader's text and choices until the tab is closed.
    pub(crate) fn keep_draft(self) {
        if self.is_own() {
            self.draft().keep();
        }
    }

    /// Takes up what was typed before the page could hear it, or else what was kept.
    pub(crate) fn find_draft(self) {
        if self.text().is_empty() {
            self.aside.set_value(Some(Draft::kept()));
        } else {
            self.claim();
            self.weigh();
            self.choose(self.choices());
            self.keep_draft();
        }
    }

    /// Gives the box back to the reader, with their draft in it.
    pub(crate) fn restore_draft(self) {
        let draft = self.aside.try_update_value(Option::take).flatten();
        self.claim();
        let Some(draft) = draft else { return };
        self.choose(draft.choices);
        if draft.text != self.text() {
            self.show(&draft.text);
        }
    }

    /// Chooses these, but for what the reader has chosen before the page could hear it.
    pub(crate) fn choose(self, choices: Choices) {
        let early = self.early.try_update_value(std::mem::take).unwrap_or_default();
        let Choices { language, length } = early.over(choices);
        self.language.set(language);
        self.length.set(length);
    }

    pub(super) fn set_draft_aside(self) {
        if self.is_own() {
            self.keep_draft();
            self.aside.set_value(Some(self.draft()));
        }
    }

    /// Lends the box to generation `id`, for its `text`, which is asked for where it is not known.
    pub(crate) fn lend(self, id: String, text: Option<String>) {
        self.set_draft_aside();
        self.awaited.set_value(None);
        match text {
            Some(text) => self.show(&text),
            None => self.fetch(id),
        }
    }

    /// Brings the text that generation `id` reads, unless another is wanted meanwhile.
    fn fetch(self, id: String) {
        self.awaited.set_value(Some(id.clone()));
        let awaited = id.clone();
        let is_wanted =
            move || self.is_here() && self.awaited.with_value(|now| now.as_ref() == Some(&awaited));
        spawn_local(async move {
            match retry_until_answered(|| text_in_time(commands::input(id.clone())), &is_wanted)
                .await
            {
                Some(Ok(text)) if is_wanted() => self.show(&text),
                Some(Err(fault)) if is_wanted() => self.complain(fault),
                _ => {}
            }
        });
    }

    /// Whether the reader has written another text than `text`.
    pub(super) fn has_another(self, text: &str) -> bool {
        let own = self.text();
        self.is_own() && !Measure::of(&own).blank && !is_same(&own, text)
    }
}

/// Whether the box holds `text`: in a box, every line ends in a newline alone.
fn is_same(in_box: &str, text: &str) -> bool {
    in_box == text || in_box == text.replace("\r\n", "\n").replace('\r', "\n")
}
