use protocol::markdown::{Block, Children, Edit, Item};

/// A container that stays open when what is before has been committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Quote,
    List,
    Item,
    Table,
    Code,
}

impl Container {
    pub(crate) fn no_children(self) -> Children {
        match self {
            Self::Quote | Self::Item => Children::Blocks(Vec::new()),
            Self::List => Children::Items(Vec::new()),
            Self::Table => Children::Rows(Vec::new()),
            Self::Code => Children::Text(String::new()),
        }
    }
}

/// What comes after what has been committed: new children of the document, and of each container
/// on the open chain. A level that has any closes those below it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Levels(pub(crate) Vec<Children>);

impl Levels {
    /// Nothing new in the document and in `open`, the containers on the open chain.
    pub(crate) fn none(open: &[Container]) -> Self {
        let mut levels = vec![Children::Blocks(Vec::new())];
        levels.extend(open.iter().map(|container| container.no_children()));
        Self(levels)
    }

    /// The level at which the open chain turns to the last of these children.
    fn turn(&self) -> usize {
        let filled = self.0.iter().position(|children| !children.is_empty());
        filled.unwrap_or(self.0.len() - 1)
    }

    /// The containers that can be on the open chain after these, which began with `open`.
    pub(crate) fn chain(&self, open: &[Container]) -> Vec<Container> {
        let turn = self.turn();
        let mut chain = open[..turn].to_vec();
        match &self.0[turn] {
            Children::Blocks(blocks) => chain_of_blocks(blocks, &mut chain),
            Children::Items(items) => chain_of_items(items, &mut chain),
            _ => {}
        }
        chain
    }

    /// Appends what comes after these.
    pub(crate) fn join(&mut self, next: Self) {
        let turn = self.turn();
        for (level, push) in next.0.into_iter().enumerate().rev() {
            if push.is_empty() {
                continue;
            }
            let edit = Edit { at: level.saturating_sub(turn), drop: 0, push };
            let applied = self.0[level.min(turn)].apply(&edit);
            debug_assert_eq!(applied, Ok(()), "the chain was read from the same text");
        }
    }
}

fn chain_of_blocks(blocks: &[Block], chain: &mut Vec<Container>) {
    let container = match blocks.last() {
        Some(Block::Quote(_)) => Container::Quote,
        Some(Block::List { .. }) => Container::List,
        Some(Block::Table { .. }) => Container::Table,
        Some(Block::Code { .. }) => Container::Code,
        _ => return,
    };
    chain.push(container);
    match blocks.last() {
        Some(Block::Quote(blocks)) => chain_of_blocks(blocks, chain),
        Some(Block::List { items, .. }) => chain_of_items(items, chain),
        _ => {}
    }
}

fn chain_of_items(items: &[Item], chain: &mut Vec<Container>) {
    if let Some(item) = items.last() {
        chain.push(Container::Item);
        chain_of_blocks(&item.blocks, chain);
    }
}
