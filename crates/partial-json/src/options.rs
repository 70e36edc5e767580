/// Limits of a [`Parser`](crate::Parser), and what it allows in and around the document.
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
    pub framing: Framing,
    /// How the document itself is to be written.
    pub grammar: Grammar,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_depth: 64,
            max_bytes: 64 << 20,
            max_key_bytes: 4096,
            max_number_bytes: 1024,
            framing: Framing::default(),
            grammar: Grammar::default(),
        }
    }
}

/// How the document itself is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grammar {
    /// As in RFC 8259, and not otherwise.
    #[default]
    Strict,
    /// With the small slips of language models, as long as only one meaning is left:
    ///
    /// * Raw control characters in strings are text; between tokens they are white space, as is
    ///   other white space of Unicode.
    /// * A backslash before ASCII punctuation or a line break stands for that character, as in
    ///   CommonMark; before anything else that is no escape, it is a backslash.
    /// * A `\u` escape that is half a surrogate pair is U+FFFD.
    /// * Commas may be too many or, before a string, missing; `，` and `：` stand for `,` and `:`.
    /// * `True`, `False` and `None` are read as `true`, `false` and `null`.
    /// * The brace that ends the document may be missing, if all within it is closed.
    Lenient,
}

/// What may stand around the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Framing {
    /// White space only: the input is one JSON text as in RFC 8259.
    #[default]
    Strict,
    /// What language models write before and after a JSON object.
    ///
    /// * Prose, Markdown fences, white space and a byte order mark before the document are
    ///   skipped; what stands behind it is ignored.
    /// * The document is the first `{` that is followed by a key, a colon and what can begin a
    ///   value, or by `}` if nothing but white space or a fence stands before it on its line. So
    ///   only an object can be the document: `[1]` in prose is a footnote more often than an
    ///   answer.
    /// * `<think>` at the beginning of a line opens a block that is reported as
    ///   [`Reasoning`](crate::Event::Reasoning) up to `</think>`; JSON in it is not the document.
    ///   The same goes for the other marks that models use, as `[THINK]`, `<seed:think>` and
    ///   `◁think▷`, in upper case and lower case, and for the channels of OpenAI's harmony format.
    /// * Where such a block ends behind the document and was never opened, the document was a
    ///   draft in it: that is reported as [`Discarded`](crate::Event::Discarded), and the document
    ///   is looked for from there on.
    Tolerant,
}
