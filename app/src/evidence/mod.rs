//! Where the sentences of a document come from: which one the reader looks at, and its places in the
//! source, which both columns show.

mod marks;
mod source_text;

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use protocol::{Evidence, Span};

pub(crate) use marks::{draw_marks, sentence_at};
pub(crate) use source_text::SourceText;

use crate::{commands, hooks::text_in_time};

/// What the reader looks at.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Focus {
    /// The sentences that are lit, by their number in the list.
    pub(crate) sentences: Vec<usize>,
    /// Which of the first sentence's places is shown.
    pub(crate) place: usize,
    /// Whether it stays when the pointer leaves.
    pub(crate) is_kept: bool,
    /// Whether the reader points at the source: then that does not scroll.
    pub(crate) is_from_source: bool,
}

/// The evidence of the generation that is shown. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct EvidenceView {
    list: RwSignal<Arc<[Evidence]>>,
    pub(crate) focus: RwSignal<Focus>,
    /// Whether the source is shown to be read, in place of the box.
    pub(crate) reads: RwSignal<bool>,
    /// The source, once somebody has looked for a place in it.
    pub(crate) text: RwSignal<Option<Arc<str>>>,
    id: RwSignal<String>,
}

impl EvidenceView {
    pub(crate) fn new() -> Self {
        Self {
            list: RwSignal::new(Arc::new([])),
            focus: RwSignal::new(Focus::default()),
            reads: RwSignal::new(false),
            text: RwSignal::new(None),
            id: RwSignal::new(String::new()),
        }
    }

    /// Takes the evidence of generation `id`, of which the text may be known.
    pub(crate) fn show(self, id: &str, list: Vec<Evidence>, text: Option<&str>) {
        self.clear();
        self.id.set(id.to_owned());
        self.text.set(text.map(Arc::from));
        self.list.set(list.into());
    }

    /// Forgets the generation.
    pub(crate) fn clear(self) {
        self.close();
        if self.list.try_with_untracked(|list| !list.is_empty()) == Some(true) {
            self.list.set(Arc::new([]));
        }
        self.text.try_set(None);
    }

    /// Gives the box back.
    pub(crate) fn close(self) {
        self.reads.try_set(false);
        self.focus.try_set(Focus::default());
    }

    pub(crate) fn list(self) -> Arc<[Evidence]> {
        self.list.get_untracked()
    }

    /// Looks at a sentence.
    pub(crate) fn look_at(self, sentence: usize, is_kept: bool) {
        let before = self.focus.get_untracked();
        let is_same = before.sentences == [sentence] && !before.is_from_source;
        if is_same && (before.is_kept || !is_kept) {
            return;
        }
        let place = if is_same { before.place } else { 0 };
        let sentences = vec![sentence];
        self.focus.set(Focus { sentences, place, is_kept, is_from_source: false });
        self.read();
    }

    /// Looks at a place in the source: the sentences that come from there light up.
    pub(crate) fn look_from_source(self, sentences: Vec<usize>, is_kept: bool) {
        if self.focus.with_untracked(|focus| focus.is_kept && !is_kept) {
            return;
        }
        self.focus.set(Focus { sentences, place: 0, is_kept, is_from_source: true });
    }

    /// Looks away, unless what is looked at was chosen.
    pub(crate) fn look_away(self) {
        if self.focus.with_untracked(|focus| !focus.is_kept && !focus.sentences.is_empty()) {
            self.focus.set(Focus::default());
        }
    }

    /// Goes to the next place of the sentence, or with -1 to the one before.
    pub(crate) fn step(self, by: isize) {
        let count = self.places().len();
        self.focus.update(|focus| {
            let next = focus.place.saturating_add_signed(by);
            focus.place = next.min(count.saturating_sub(1));
            focus.is_from_source = false;
        });
    }

    /// The places of the sentence that is looked at, tracked.
    pub(crate) fn places(self) -> Vec<Span> {
        let first = self.focus.with(|focus| focus.sentences.first().copied());
        let list = self.list.get();
        first.and_then(|first| list.get(first)).map_or_else(Vec::new, |it| it.spans.clone())
    }

    /// Shows the source, and fetches it first when it is not known.
    fn read(self) {
        self.reads.set(true);
        if self.text.with_untracked(Option::is_some) {
            return;
        }
        let id = self.id.get_untracked();
        spawn_local(async move {
            let text = text_in_time(commands::input(id.clone())).await;
            if self.id.try_get_untracked().as_ref() != Some(&id) {
                return;
            }
            match text {
                Ok(text) => self.text.set(Some(text.into())),
                // The box still has it.
                Err(_) => self.reads.set(false),
            }
        });
    }
}

/// What of a text lies in a span of its characters.
pub(crate) fn part(text: &str, span: Span) -> &str {
    let byte = |at: u64| {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
    };
    text.get(byte(span.start)..byte(span.end)).unwrap_or_default()
}
