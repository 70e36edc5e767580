use serde::{Deserialize, Serialize};

use super::{Block, Cell, Edit, EditError, Inline, Item, Row};

/// The children of one node, which are all of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Children {
    /// Of the document, an item or a quotation.
    Blocks(Vec<Block>),
    /// Of a list.
    Items(Vec<Item>),
    /// Of a table, without its head.
    Rows(Vec<Row>),
    /// Of a row.
    Cells(Vec<Cell>),
    /// Of a paragraph, a heading, a cell, or what is emphasised or linked.
    Inlines(Vec<Inline>),
    /// Of a text or of code: its characters, which [`len`](Self::len) counts in UTF-16 code units,
    /// as browsers do.
    Text(String),
}

impl Children {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Blocks(blocks) => blocks.len(),
            Self::Items(items) => items.len(),
            Self::Rows(rows) => rows.len(),
            Self::Cells(cells) => cells.len(),
            Self::Inlines(inlines) => inlines.len(),
            Self::Text(text) => text.encode_utf16().count(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            children => children.len() == 0,
        }
    }

    /// Applies an edit whose depth is counted from here.
    ///
    /// # Errors
    /// [`EditError`] when the edit does not fit. Nothing has changed then.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), EditError> {
        let mut open = Open::of(self);
        for at in 0..edit.at {
            open = open.last().ok_or(EditError::NoSuchLevel { at: at + 1 })?;
        }
        open.edit(edit.drop, &edit.push)
    }
}

/// The children of a node on the open chain.
enum Open<'a> {
    Blocks(&'a mut Vec<Block>),
    Items(&'a mut Vec<Item>),
    Rows(&'a mut Vec<Row>),
    Cells(&'a mut Vec<Cell>),
    Inlines(&'a mut Vec<Inline>),
    Text(&'a mut String),
}

impl<'a> Open<'a> {
    fn of(children: &'a mut Children) -> Self {
        match children {
            Children::Blocks(blocks) => Self::Blocks(blocks),
            Children::Items(items) => Self::Items(items),
            Children::Rows(rows) => Self::Rows(rows),
            Children::Cells(cells) => Self::Cells(cells),
            Children::Inlines(inlines) => Self::Inlines(inlines),
            Children::Text(text) => Self::Text(text),
        }
    }

    /// The children of the last child.
    fn last(self) -> Option<Self> {
        Some(match self {
            Self::Blocks(blocks) => match blocks.last_mut()? {
                Block::Paragraph { text, .. } | Block::Heading { text, .. } => Self::Inlines(text),
                Block::Code { text, .. } => Self::Text(text),
                Block::List { items, .. } => Self::Items(items),
                Block::Quote(blocks) => Self::Blocks(blocks),
                Block::Table { rows, .. } => Self::Rows(rows),
                Block::Rule => return None,
            },
            Self::Items(items) => Self::Blocks(&mut items.last_mut()?.blocks),
            Self::Rows(rows) => Self::Cells(&mut rows.last_mut()?.cells),
            Self::Cells(cells) => Self::Inlines(&mut cells.last_mut()?.text),
            Self::Inlines(inlines) => match inlines.last_mut()? {
                Inline::Text(text) | Inline::Code(text) => Self::Text(text),
                Inline::Strong(text)
                | Inline::Emphasis(text)
                | Inline::Strikethrough(text)
                | Inline::Link { text, .. } => Self::Inlines(text),
                Inline::Break => return None,
            },
            Self::Text(_) => return None,
        })
    }

    fn edit(self, drop: usize, push: &Children) -> Result<(), EditError> {
        match (self, push) {
            (Self::Blocks(old), Children::Blocks(new)) => replace(old, drop, new),
            (Self::Items(old), Children::Items(new)) => replace(old, drop, new),
            (Self::Rows(old), Children::Rows(new)) => replace(old, drop, new),
            (Self::Cells(old), Children::Cells(new)) => replace(old, drop, new),
            (Self::Inlines(old), Children::Inlines(new)) => replace(old, drop, new),
            (Self::Text(old), Children::Text(new)) => {
                old.truncate(without_last(old, drop).ok_or(EditError::DropsTooMuch)?);
                old.push_str(new);
                Ok(())
            }
            _ => Err(EditError::OtherKind),
        }
    }
}

fn replace<T: Clone>(old: &mut Vec<T>, drop: usize, new: &[T]) -> Result<(), EditError> {
    old.truncate(old.len().checked_sub(drop).ok_or(EditError::DropsTooMuch)?);
    old.extend_from_slice(new);
    Ok(())
}

/// How many bytes are left without the last `units` UTF-16 code units, which must be whole
/// characters.
fn without_last(text: &str, units: usize) -> Option<usize> {
    let (mut bytes, mut dropped) = (text.len(), 0);
    let mut chars = text.chars();
    while dropped < units {
        let last = chars.next_back()?;
        dropped += last.len_utf16();
        bytes -= last.len_utf8();
    }
    (dropped == units).then_some(bytes)
}
