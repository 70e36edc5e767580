use serde::{Deserialize, Serialize};

/// A part of a paragraph, a heading or a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inline {
    /// Plain text. A newline in it is white space.
    #[serde(rename = "t")]
    Text(String),
    /// Strong emphasis.
    #[serde(rename = "b")]
    Strong(Vec<Inline>),
    /// Emphasis.
    #[serde(rename = "i")]
    Emphasis(Vec<Inline>),
    /// Struck through.
    #[serde(rename = "s")]
    Strikethrough(Vec<Inline>),
    /// Code.
    #[serde(rename = "c")]
    Code(String),
    /// A link.
    #[serde(rename = "a")]
    Link {
        /// Where it leads: `http`, `https` or `mailto`. Empty while the address is not complete.
        href: String,
        /// What stands in it.
        text: Vec<Inline>,
    },
    /// The line ends here.
    #[serde(rename = "br")]
    Break,
}
