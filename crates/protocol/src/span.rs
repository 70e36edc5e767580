use serde::{Deserialize, Serialize};

/// A part of a text, in Unicode scalar values from its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub start: u64,
    /// Where it ends: the character there is not part of it.
    pub end: u64,
}
