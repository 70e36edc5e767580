/// Something that is certain about the document.
///
/// Every `path` is a JSON Pointer (RFC 6901): `""` is the root, `/items/0/a~1b` the field `a/b` of
/// the first item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// A string, object or array has begun.
    Started {
        /// Where.
        path: &'a str,
        /// What has begun.
        kind: Kind,
    },
    /// More of the string that was started last: never empty, never part of a character.
    Text {
        /// Where.
        path: &'a str,
        /// What to append.
        text: &'a str,
    },
    /// A number, boolean or null, reported once, when it is whole.
    Value {
        /// Where.
        path: &'a str,
        /// What it is.
        value: Atom<'a>,
    },
    /// The string, object or array started at this path has ended.
    ///
    /// When an object names a key twice, both are reported; folding keeps the last.
    Completed {
        /// Where.
        path: &'a str,
    },
    /// More of a `<think>` block before the document: never empty.
    Reasoning {
        /// What to append.
        text: &'a str,
    },
    /// What was reported of the document was a draft within a thought. The thought has ended, and
    /// the document is yet to come.
    Discarded,
}

/// What can begin and is not whole at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{`
    Object,
    /// `[`
    Array,
    /// `"`
    Text,
}

/// A value without parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Atom<'a> {
    /// The literal as written, for the reader to choose a type: `-0`, `1e400`.
    Number(&'a str),
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
}
