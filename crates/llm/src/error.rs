/// What went wrong with a provider. `detail` is for the log: it holds no key and no user's text.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct Error {
    /// What went wrong, for programs.
    pub kind: ErrorKind,
    /// What went wrong, for the log.
    pub detail: String,
}

impl Error {
    /// An error of that kind.
    #[must_use]
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

/// What went wrong with a provider, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// No connection.
    Unreachable,
    /// The key is missing or wrong.
    Unauthorised,
    /// There is no such model or endpoint.
    UnknownModel,
    /// The request was refused for another reason.
    Rejected,
    /// Too many requests, or no credit.
    RateLimited,
    /// The input is longer than the model reads.
    TooLong,
    /// It broke, or wrote what cannot be read.
    Broken,
    /// It was silent for too long.
    Silent,
}
