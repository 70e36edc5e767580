use leptos::{html, prelude::*};

use crate::text::{Block, blocks, is_chinese};

/// A text that grows in the element `node`, which only its pane writes to.
#[derive(Clone, Copy)]
pub(crate) struct TextField {
    /// How much of the text is rendered with the element, in bytes; the pane writes what follows.
    pub(crate) rendered_bytes: usize,
    /// Whether there is any text.
    pub(crate) begun: RwSignal<bool>,
    /// Whether it is being written now.
    pub(crate) is_busy: RwSignal<bool>,
    /// Whether the text is Chinese, as far as its beginning tells.
    pub(crate) is_chinese: RwSignal<bool>,
    pub(crate) node: NodeRef<html::Div>,
}

impl TextField {
    /// A text that is rendered with its element.
    pub(crate) fn of(text: &str) -> Self {
        Self {
            rendered_bytes: text.len(),
            begun: RwSignal::new(!text.is_empty()),
            is_busy: RwSignal::new(false),
            is_chinese: RwSignal::new(is_chinese(text)),
            node: NodeRef::new(),
        }
    }

    /// What of the text is rendered with its element.
    pub(crate) fn rendered(self, text: &str) -> Vec<Block> {
        blocks(text.get(..self.rendered_bytes).unwrap_or_default())
    }

    /// Notes that there is text, and what its beginning tells.
    pub(crate) fn note(self, text: &str) {
        change(self.begun, !text.is_empty());
        change(self.is_chinese, is_chinese(text));
    }
}

/// Sets a signal, unless that would change nothing.
pub(super) fn change(signal: RwSignal<bool>, value: bool) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}
