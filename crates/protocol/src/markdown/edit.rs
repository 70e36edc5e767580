use std::fmt;

use serde::{Deserialize, Serialize};

use super::Children;

/// A change to a node on the open chain of a document: its last children go, and others come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Which node: 0 is the document, 1 its last block, 2 the last child of that, and so on.
    pub at: usize,
    /// How many of its last children go.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub drop: usize,
    /// What is then appended.
    pub push: Children,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Why an edit does not fit the document that it was applied to, as after one was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The open chain ends above that level.
    NoSuchLevel {
        /// The level that is not there.
        at: usize,
    },
    /// The node has children of another kind.
    OtherKind,
    /// The node has fewer children, or a character would be cut in two.
    DropsTooMuch,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchLevel { at } => write!(f, "nothing is open at level {at}"),
            Self::OtherKind => f.write_str("what is open there has children of another kind"),
            Self::DropsTooMuch => f.write_str("what is open there has fewer children"),
        }
    }
}

impl std::error::Error for EditError {}
