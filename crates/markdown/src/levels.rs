use protocol::markdown::{Children, Edit};

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

    /// Appends what comes after these.
    pub(crate) fn join(&mut self, next: Self) {
        let last = self.0.len() - 1;
        // The open chain now leads through the last of these children.
        let turn = self.0.iter().position(|children| !children.is_empty()).unwrap_or(last);
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
