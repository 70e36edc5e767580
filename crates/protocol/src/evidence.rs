use serde::{Deserialize, Serialize};

use crate::Span;

/// Where one sentence of the document comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// JSON Pointer (RFC 6901) to the text that the sentence is of.
    pub path: String,
    /// Where the sentence begins in that text, in Unicode scalar values.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
    /// Its places in the source, in their order and without overlaps. None where nothing fits.
    pub spans: Vec<Span>,
    /// How they were found.
    pub kind: EvidenceKind,
    /// Whether the sentence's numbers, names and quoted words are there. That says where to look it up,
    /// and not that it is true.
    pub found: bool,
}

/// How the places of a sentence were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// Whoever wrote the sentence named them.
    Cited,
    /// By the words that they share.
    Lexical,
}
