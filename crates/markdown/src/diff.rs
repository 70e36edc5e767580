//! The edits between two states of what is open.

use protocol::markdown::{Block, Cell, Children, Edit, Inline, Item, Row};

use crate::levels::Levels;

/// The edits that turn `old` into `new`, which follow the same committed text.
pub(crate) fn diff(old: &Levels, new: &Levels) -> Vec<Edit> {
    let mut edits = Vec::new();
    let pairs = || old.0.iter().zip(&new.0).enumerate();
    let Some(lowest) = old.0.iter().zip(&new.0).rposition(|(old, new)| old != new) else {
        return edits;
    };
    // An edit reaches only the open chain: what closes it above goes first, and comes again.
    for (at, (old, new)) in pairs().take(lowest) {
        if !old.is_empty() {
            edits.push(Edit { at, drop: old.len(), push: nothing_like(new) });
        }
    }
    children(&old.0[lowest], &new.0[lowest], lowest, &mut edits);
    for (at, (_, new)) in pairs().take(lowest).collect::<Vec<_>>().into_iter().rev() {
        if !new.is_empty() {
            edits.push(Edit { at, drop: 0, push: new.clone() });
        }
    }
    edits
}

fn nothing_like(children: &Children) -> Children {
    match children {
        Children::Blocks(_) => Children::Blocks(Vec::new()),
        Children::Items(_) => Children::Items(Vec::new()),
        Children::Rows(_) => Children::Rows(Vec::new()),
        Children::Cells(_) => Children::Cells(Vec::new()),
        Children::Inlines(_) => Children::Inlines(Vec::new()),
        Children::Text(_) => Children::Text(String::new()),
    }
}

fn children(old: &Children, new: &Children, at: usize, edits: &mut Vec<Edit>) {
    match (old, new) {
        (Children::Blocks(old), Children::Blocks(new)) => list(old, new, at, edits),
        (Children::Items(old), Children::Items(new)) => list(old, new, at, edits),
        (Children::Rows(old), Children::Rows(new)) => list(old, new, at, edits),
        (Children::Text(old), Children::Text(new)) => text(old, new, at, edits),
        _ => debug_assert!(false, "levels of one open chain have the same kinds"),
    }
}

/// A node that may be the last one on the open chain.
trait Node: Clone + PartialEq {
    fn children(nodes: Vec<Self>) -> Children;

    /// Pushes the edits that turn `self` into `new` from within; false when that cannot be.
    fn grow(&self, new: &Self, below: usize, edits: &mut Vec<Edit>) -> bool;
}

fn list<N: Node>(old: &[N], new: &[N], at: usize, edits: &mut Vec<Edit>) {
    let mut kept = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    // Below the last of the old ones, the open chain goes on.
    if let (Some(last), Some(grown)) = (old.get(kept), new.get(kept))
        && kept + 1 == old.len()
        && last.grow(grown, at + 1, edits)
    {
        kept += 1;
    }
    if kept < old.len() || kept < new.len() {
        let push = N::children(new[kept..].to_vec());
        edits.push(Edit { at, drop: old.len() - kept, push });
    }
}

fn text(old: &str, new: &str, at: usize, edits: &mut Vec<Edit>) {
    let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new);
    let kept = same.map(|(char, _)| char.len_utf8()).sum();
    let drop = old[kept..].encode_utf16().count();
    if drop > 0 || kept < new.len() {
        edits.push(Edit { at, drop, push: Children::Text(new[kept..].to_owned()) });
    }
}

impl Node for Block {
    fn children(nodes: Vec<Self>) -> Children {
        Children::Blocks(nodes)
    }

    fn grow(&self, new: &Self, below: usize, edits: &mut Vec<Edit>) -> bool {
        match (self, new) {
            (
                Self::Paragraph { text: old, continues: one },
                Self::Paragraph { text: new, continues: other },
            ) if one == other => list(old, new, below, edits),
            (
                Self::Heading { text: old, level: one },
                Self::Heading { text: new, level: other },
            ) if one == other => list(old, new, below, edits),
            (
                Self::Code { text: old, language: one },
                Self::Code { text: new, language: other },
            ) if one == other => text(old, new, below, edits),
            (Self::List { items: old, start: one }, Self::List { items: new, start: other })
                if one == other =>
            {
                list(old, new, below, edits);
            }
            (Self::Quote(old), Self::Quote(new)) => list(old, new, below, edits),
            (
                Self::Table { columns, head, rows: old },
                Self::Table { columns: new_columns, head: new_head, rows: new },
            ) if columns == new_columns && head == new_head => list(old, new, below, edits),
            _ => return false,
        }
        true
    }
}

impl Node for Item {
    fn children(nodes: Vec<Self>) -> Children {
        Children::Items(nodes)
    }

    fn grow(&self, new: &Self, below: usize, edits: &mut Vec<Edit>) -> bool {
        if self.checked != new.checked {
            return false;
        }
        list(&self.blocks, &new.blocks, below, edits);
        true
    }
}

impl Node for Row {
    fn children(nodes: Vec<Self>) -> Children {
        Children::Rows(nodes)
    }

    fn grow(&self, new: &Self, below: usize, edits: &mut Vec<Edit>) -> bool {
        list(&self.cells, &new.cells, below, edits);
        true
    }
}

impl Node for Cell {
    fn children(nodes: Vec<Self>) -> Children {
        Children::Cells(nodes)
    }

    fn grow(&self, new: &Self, below: usize, edits: &mut Vec<Edit>) -> bool {
        list(&self.text, &new.text, below, edits);
        true
    }
}

impl Node for Inline {
    fn children(nodes: Vec<Self>) -> Children {
        Children::Inlines(nodes)
    }

    fn grow(&self, new: &Self, below: usize, edits: &mut Vec<Edit>) -> bool {
        match (self, new) {
            (Self::Text(old), Self::Text(new)) | (Self::Code(old), Self::Code(new)) => {
                text(old, new, below, edits);
            }
            (Self::Strong(old), Self::Strong(new))
            | (Self::Emphasis(old), Self::Emphasis(new))
            | (Self::Strikethrough(old), Self::Strikethrough(new)) => list(old, new, below, edits),
            (Self::Link { text: old, href: one }, Self::Link { text: new, href: other })
                if one == other =>
            {
                list(old, new, below, edits);
            }
            _ => return false,
        }
        true
    }
}
