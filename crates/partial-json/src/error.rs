use std::fmt;

/// Why and where a document cannot be read on.
///
/// What was reported before the error stands: it was certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error {
    /// Bytes from the beginning of all input.
    pub offset: u64,
    /// What is wrong there.
    pub kind: ErrorKind,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A byte that cannot stand where it stands.
    UnexpectedByte,
    /// Something other than white space behind the document.
    TrailingData,
    /// A backslash followed by what RFC 8259 does not define.
    InvalidEscape,
    /// A `\u` escape that is one half of a surrogate pair without the other. The offset is that
    /// of the byte which proved it.
    LoneSurrogate,
    /// A raw control character in a string.
    ControlCharacter,
    /// A number that RFC 8259 does not define, as `01`, `1.` or `-`.
    InvalidNumber,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// More than [`max_depth`](crate::Options::max_depth).
    TooDeep,
    /// More than [`max_bytes`](crate::Options::max_bytes).
    TooLarge,
    /// More than [`max_key_bytes`](crate::Options::max_key_bytes). The offset is the key's.
    KeyTooLong,
    /// More than [`max_number_bytes`](crate::Options::max_number_bytes). The offset is the
    /// number's.
    NumberTooLong,
    /// The input ended before the document.
    UnexpectedEnd,
    /// The input ended and no document had begun.
    NoDocument,
}

impl ErrorKind {
    pub(crate) fn at(self, offset: u64) -> Error {
        Error { offset, kind: self }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnexpectedByte => "unexpected byte",
            Self::TrailingData => "something behind the document",
            Self::InvalidEscape => "invalid escape",
            Self::LoneSurrogate => "half a surrogate pair",
            Self::ControlCharacter => "raw control character in a string",
            Self::InvalidNumber => "invalid number",
            Self::InvalidUtf8 => "invalid UTF-8",
            Self::TooDeep => "nested too deeply",
            Self::TooLarge => "input too large",
            Self::KeyTooLong => "key too long",
            Self::NumberTooLong => "number too long",
            Self::UnexpectedEnd => "input ends within the document",
            Self::NoDocument => "no document in the input",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.offset)
    }
}

impl std::error::Error for Error {}
