/// Limits of a [`Parser`](crate::Parser), and what it allows around the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many objects and arrays may be open within each other.
    pub max_depth: usize,
    /// How many bytes of input may come before the document has ended.
    pub max_bytes: u64,
    /// How many bytes a key may have, written as a reference token of a JSON Pointer.
    pub max_key_bytes: usize,
    /// How many bytes a number literal may have.
    pub max_number_bytes: usize,
    /// What may stand around the document.
    pub surroundings: Surroundings,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_depth: 64,
            max_bytes: 64 << 20,
            max_key_bytes: 4096,
            max_number_bytes: 1024,
            surroundings: Surroundings::default(),
        }
    }
}

/// What may stand around the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Surroundings {
    /// White space only: the input is one JSON text as in RFC 8259.
    #[default]
    Strict,
    /// What language models write before and after a JSON object.
    ///
    /// * Prose, Markdown fences, white space and a byte order mark before the document are
    ///   skipped; everything behind it is ignored, unseen.
    /// * The document is the first `{` that is followed by a key, a colon and what can begin a
    ///   value, or by `}` if nothing but white space or a fence stands before it on its line. So
    ///   only an object can be the document: `[1]` in prose is a footnote more often than an
    ///   answer.
    /// * `<think>` at the beginning of a line opens a block that is reported as
    ///   [`Reasoning`](crate::Event::Reasoning) up to `</think>`; JSON in it is not the document.
    /// * Within strings, raw line breaks and tabs are text, and a `\u` escape that is half a
    ///   surrogate pair becomes U+FFFD. Both are errors in [`Strict`](Self::Strict).
    Tolerant,
}
