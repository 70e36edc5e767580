use std::ops::Range;

use crate::levels::Container;

/// The last leaf of a text: a block that holds no blocks.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub(crate) kind: LeafKind,
    /// The containers that it is in, outermost first.
    pub(crate) path: Vec<Step>,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Where its inlines are; of a table, those of the last cell.
    pub(crate) inlines: Option<Range<usize>>,
    /// Where its text ends.
    pub(crate) text_end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeafKind {
    Paragraph,
    Fenced,
    Table,
    Other,
}

/// A container on the way to a leaf.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) container: Container,
    pub(crate) start: usize,
    /// Of a list, where the item before its last one begins.
    pub(crate) previous_item: Option<usize>,
}

impl Leaf {
    pub(crate) fn new(kind: LeafKind, path: Vec<Step>, range: Range<usize>) -> Self {
        let Range { start, end } = range;
        Self { kind, path, start, end, inlines: None, text_end: start }
    }

    /// A paragraph among an item's blocks says nowhere where it ends: each of its inlines does.
    pub(crate) fn extend(&mut self, range: &Range<usize>) {
        self.end = self.end.max(range.end);
        if let Some(inlines) = &mut self.inlines {
            inlines.end = inlines.end.max(range.end);
        }
    }
}
