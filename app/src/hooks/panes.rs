use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use leptos::prelude::*;
use protocol::Snapshot;

use super::pane::Pane;
use crate::{document::TextField, scroll_anchor::ScrollAnchor};

/// The panes of all texts of a generation, and which of them have something to write.
pub(super) struct Panes {
    panes: BTreeMap<TextId, LazyPane>,
    grown: BTreeSet<TextId>,
}

/// Which text of a generation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TextId {
    Reasoning,
    /// The text of the field at this path.
    Field(Arc<str>),
}

/// A text, and the pane that writes it once its element is on the page.
struct LazyPane {
    text: TextField,
    pane: Option<Pane>,
}

impl TextId {
    /// The text as the snapshot has it.
    fn read<'a>(&self, snapshot: &'a Snapshot) -> &'a str {
        match self {
            Self::Reasoning => &snapshot.reasoning,
            Self::Field(path) => snapshot.document.text_at(path),
        }
    }
}

impl Panes {
    pub(super) fn new() -> Self {
        Self { panes: BTreeMap::new(), grown: BTreeSet::new() }
    }

    /// Notes that a text has grown. What it has more is read from the snapshot when it is written.
    pub(super) fn grow(&mut self, id: TextId, text: TextField, snapshot: &Snapshot) {
        if !text.begun.get_untracked() {
            text.note(id.read(snapshot));
        }
        if !self.panes.contains_key(&id) {
            self.panes.insert(id.clone(), LazyPane { text, pane: None });
        }
        self.grown.insert(id);
    }

    /// Whether there is something to write.
    pub(super) fn has_grown(&self) -> bool {
        !self.grown.is_empty()
    }

    /// Lets go of the elements of all fields, because they are made anew, and begins the reasoning
    /// anew.
    pub(super) fn restart(&mut self, reasoning: TextField) {
        *self = Self::new();
        if let Some(node) = reasoning.node.get_untracked() {
            let mut pane = Pane::adopt(node.into(), "");
            pane.restart();
            let lazy = LazyPane { text: reasoning, pane: Some(pane) };
            self.panes.insert(TextId::Reasoning, lazy);
        }
    }

    /// Writes what has arrived, and goes along with the end if the reader is there.
    pub(super) fn flush(&mut self, snapshot: &Snapshot) {
        if self.grown.is_empty() {
            return;
        }
        let anchor = ScrollAnchor::of_reader();
        // What has no element yet is written next time.
        let panes = &mut self.panes;
        self.grown
            .retain(|id| panes.get_mut(id).is_some_and(|lazy| !lazy.write(id.read(snapshot))));
        anchor.keep();
    }

    /// Lets everything rest.
    pub(super) fn finish(&mut self) {
        self.panes.values_mut().filter_map(|lazy| lazy.pane.as_mut()).for_each(Pane::finish);
    }
}

impl LazyPane {
    /// Brings the element to `text`. Says whether there is one.
    fn write(&mut self, text: &str) -> bool {
        if self.pane.is_none() {
            let rendered = text.get(..self.text.rendered_bytes).unwrap_or_default();
            let node = self.text.node.get_untracked();
            self.pane = node.map(|node| Pane::adopt(node.into(), rendered));
        }
        let Some(pane) = &mut self.pane else { return false };
        pane.write(text);
        true
    }
}
