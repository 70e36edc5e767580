//! Replaces what is in the text box so that it can be brought back.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

use super::{Workspace, draft::Draft, owner::Owner};
use crate::text::Measure;

/// The browser's own undo takes long texts no more than the box does.
const UNDOABLE_CHARS: u64 = 200_000;

/// What was in the box, and whose it was.
#[derive(Clone)]
struct Before {
    owner: Owner,
    draft: Draft,
}

impl Workspace {
    /// Puts `text` into the box as the reader's draft. Where that takes the place of another text,
    /// `sentence` is shown with the way back, and the browser's own undo brings it back, too.
    pub(crate) fn replace_undoably(self, text: &str, sentence: String) {
        let before = Before { owner: self.owner.get_untracked(), draft: self.draft() };
        self.insert(text);
        self.owner.set(Owner::Reader);
        self.encoding.set(None);
        self.store_draft();
        self.offer_replaced(before, sentence);
    }

    /// Offers the draft that was stored, when a sample that came with the page is in its place.
    pub(super) fn offer_stored(self, draft: Draft) {
        let before = Before { owner: Owner::Reader, draft };
        self.offer_replaced(before, self.locale.desk_untracked().replaced_by_sample.to_owned());
    }

    /// Empties the box.
    pub(crate) fn clear(self) {
        if !self.text().is_empty() {
            self.replace_undoably("", self.locale.desk_untracked().cleared.to_owned());
        }
        if let Some(text_box) = self.text_box() {
            let _ = text_box.focus();
        }
    }

    /// Takes the way back away: the text has gone on from there.
    pub(crate) fn forget_before(self) {
        if let Some(notice) = self.notice.try_update_value(Option::take).flatten() {
            self.notices.withdraw(notice);
        }
    }

    /// Offers the way back to a text that is no longer in the box.
    fn offer_replaced(self, before: Before, sentence: String) {
        self.forget_before();
        if protocol::is_blank(&before.draft.text) || before.draft.text == self.text() {
            return;
        }
        let undo = Arc::new(move || self.put_back(before.clone()));
        self.notice.set_value(Some(self.notices.offer(sentence, undo)));
    }

    fn put_back(self, Before { owner, draft }: Before) {
        if !self.is_shown() {
            return;
        }
        self.insert(&draft.text);
        self.encoding.set(None);
        match &owner {
            Owner::Generation { draft, .. } => draft.store(),
            Owner::Reader | Owner::Nobody => draft.store(),
        }
        self.owner.set(owner);
        if let Some(text_box) = self.text_box() {
            let _ = text_box.focus();
        }
    }

    /// Puts `text` in the place of what is in the box, as if it were typed where that is possible.
    fn insert(self, text: &str) {
        let Some(text_box) = self.text_box() else { return };
        let old = self.measure.get_untracked();
        let is_short = |measure: &Measure| measure.chars < UNDOABLE_CHARS;
        let is_undoable = !old.blank && is_short(&old) && is_short(&Measure::of(text));
        if !is_undoable || !type_over(&text_box, text) {
            return self.fill(text);
        }
        let _ = text_box.set_selection_range(0, 0);
        text_box.set_scroll_top(0);
        self.measure_text();
        self.check_limit();
    }
}

/// Types `text` over all that is in the box; says whether the browser did.
fn type_over(text_box: &web_sys::HtmlTextAreaElement, text: &str) -> bool {
    let _ = text_box.focus();
    text_box.select();
    let document: HtmlDocument = document().unchecked_into();
    let command = if text.is_empty() { "delete" } else { "insertText" };
    document.exec_command_with_show_ui_and_value(command, false, text) == Ok(true)
}
