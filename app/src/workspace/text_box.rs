//! Moves text between the text box, its owners and the tab's storage.

use leptos::{prelude::*, task::spawn_local};
use web_sys::HtmlTextAreaElement;

use super::{
    Workspace,
    draft::{Choices, Draft},
    owner::Owner,
};
use crate::{
    commands,
    hooks::{retry_until_answered, text_in_time},
    text::Measure,
};

impl Workspace {
    /// The text box, as long as it is shown.
    pub(super) fn text_box(self) -> Option<HtmlTextAreaElement> {
        self.source.try_get_untracked().flatten()
    }

    /// Whether the workspace is still shown. After a wait, the reader may be on another page.
    pub(crate) fn is_shown(self) -> bool {
        self.text_box().is_some()
    }

    /// The text in the box.
    pub(crate) fn text(self) -> String {
        self.text_box().map(|text_box| text_box.value()).unwrap_or_default()
    }

    /// Whether the box has the text of the generation that is shown, or of one that was.
    pub(crate) fn is_lent(self) -> bool {
        self.owner.with(|owner| matches!(owner, Owner::Generation { .. }))
    }

    /// What the reader does to the text in the box.
    pub(crate) fn typed(self) {
        self.begin_draft();
        self.encoding.set(None);
        self.forget_before();
    }

    /// Whether a sample can be put into the box without replacing a text of the reader's.
    pub(crate) fn takes_sample(self) -> bool {
        self.measure.with(|measure| measure.is_sample || measure.blank)
    }

    pub(super) fn fill(self, text: &str) {
        if let Some(text_box) = self.text_box() {
            text_box.set_value(text);
            text_box.set_scroll_top(0);
        }
        self.measure_text();
        self.check_limit();
    }

    /// Measures the text. When the measure has changed, the hint is replaced.
    pub(crate) fn measure_text(self) {
        let measure = Measure::of(&self.text());
        if self.measure.with_untracked(|before| *before != measure) {
            self.measure.set(measure);
            self.doubt.set(None);
            self.check_limit();
        }
    }

    /// Whether the text is another than was measured last.
    pub(crate) fn has_changed(self) -> bool {
        self.measure.get_untracked() != Measure::of(&self.text())
    }

    /// Makes the hint say that the text is too long, or empties it.
    pub(super) fn check_limit(self) {
        let too_long = untrack(|| self.is_over_limit());
        let hint = if too_long { self.locale.messages_untracked().too_long } else { "" };
        if self.hint.with_untracked(|now| now != hint) {
            self.hint.set(hint.to_owned());
        }
    }

    /// Whether the text is too long to be sent.
    pub(crate) fn is_over_limit(self) -> bool {
        self.measure.get().request_bytes > self.limit_bytes()
    }

    /// The longest request, in bytes.
    pub(crate) fn limit_bytes(self) -> u64 {
        self.about.with_value(|about| about.max_input_bytes)
    }

    /// Makes what is in the box the reader's draft.
    pub(crate) fn begin_draft(self) {
        if !self.has_draft() {
            self.owner.set(Owner::Reader);
        }
    }

    /// Whether what is in the box is the reader's draft.
    pub(crate) fn has_draft(self) -> bool {
        self.owner.with_untracked(Owner::is_reader)
    }

    /// Whether the reader has written another text than `text`.
    pub(super) fn has_other_draft(self, text: &str) -> bool {
        let own = self.text();
        self.has_draft() && !Measure::of(&own).blank && !is_same(&own, text)
    }

    pub(super) fn choices(self) -> Choices {
        Choices {
            language: self.language.get_untracked(),
            length: self.length.get_untracked(),
            shape: self.shape.get_untracked(),
        }
    }

    fn choose(self, Choices { language, length, shape }: Choices) {
        self.language.set(language);
        self.length.set(length);
        self.shape.set(shape);
    }

    pub(super) fn draft(self) -> Draft {
        Draft { text: self.text(), choices: self.choices() }
    }

    /// Stores the reader's draft until the tab is closed.
    pub(crate) fn store_draft(self) {
        if self.has_draft() {
            self.draft().store();
        }
    }

    /// Makes what was typed before the page was hydrated the reader's draft.
    pub(crate) fn adopt_early_text(self) {
        if self.text().is_empty() {
            self.owner.set(Owner::Nobody);
        } else {
            let stored = Draft::stored();
            self.begin_draft();
            self.measure_text();
            if self.measure.with_untracked(|measure| measure.is_sample) {
                self.offer_stored(stored);
            }
            self.store_draft();
        }
    }

    /// Records that generation `id` has taken the text `sent`. If that is the reader's draft, it is
    /// none any more.
    pub(super) fn spend_draft(self, id: &str, sent: &str) {
        if self.has_draft() && is_same(&self.text(), sent) {
            self.owner.update(|owner| owner.spend(id.to_owned(), self.choices()));
            Draft { text: String::new(), choices: self.choices() }.store();
        } else {
            self.owner.update(|owner| owner.filled_for(id));
        }
    }

    /// Gives the box back to the reader, with their draft in it.
    pub(crate) fn restore_draft(self) {
        let give_back = |owner: &mut Owner| owner.give_back(self.choices(), Draft::stored);
        let Some(draft) = self.owner.try_update(give_back).flatten() else { return };
        self.choose(draft.choices);
        self.show_schema(None);
        if draft.text != self.text() {
            self.fill(&draft.text);
        }
    }

    /// Shows the text and the choices of generation `id`. Without `text`, the text is fetched.
    pub(crate) fn show_input(self, id: String, text: Option<&str>, choices: Choices) {
        let choices = self.owner.with_untracked(|owner| owner.choices(self.choices(), choices));
        self.lend(id, text);
        self.choose(choices);
    }

    /// Gives the box to generation `id` until the reader gets it back.
    pub(super) fn lend(self, id: String, text: Option<&str>) {
        self.store_draft();
        self.owner.update(|owner| {
            owner.lend(id.clone(), text.is_none(), || self.draft(), Draft::stored);
        });
        match text {
            Some(text) => self.fill(text),
            None => self.fetch(id),
        }
    }

    /// Fetches the text of generation `id`, as long as the box waits for it.
    fn fetch(self, id: String) {
        let lent_to = id.clone();
        let is_wanted =
            move || self.is_shown() && self.owner.with_untracked(|owner| owner.awaits(&lent_to));
        spawn_local(async move {
            match retry_until_answered(|| text_in_time(commands::input(id.clone())), &is_wanted)
                .await
            {
                Some(Ok(text)) if is_wanted() => {
                    self.owner.update(|owner| owner.filled_for(&id));
                    self.fill(&text);
                }
                Some(Err(error)) if is_wanted() => self.explain(error),
                _ => {}
            }
        });
    }
}

/// Whether the box holds `text`. Text boxes turn every line end into a single newline.
fn is_same(in_box: &str, text: &str) -> bool {
    in_box == text || in_box == text.replace("\r\n", "\n").replace('\r', "\n")
}
