use std::fmt;
use std::time::Duration;

/// What went wrong with a provider.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct Error {
    /// What went wrong, for programs.
    pub kind: ErrorKind,
    /// What went wrong, for the log: it holds no key and no user's text.
    pub detail: String,
    /// What the provider says, for whoever asked. It may repeat their text, but no key.
    pub reason: Option<Reason>,
    /// When the provider wants to be asked again.
    pub retry_after: Option<Duration>,
}

impl Error {
    /// An error of that kind.
    #[must_use]
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), reason: None, retry_after: None }
    }
}

/// A provider's own words, in one line. They are shown to whoever asked, and not logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The longest, in characters.
    const MOST: usize = 300;

    /// The words, shortened; none when there are none.
    pub(crate) fn new(words: &str) -> Option<Self> {
        let mut line = words.split_whitespace().collect::<Vec<_>>().join(" ");
        line.retain(|c| !c.is_control());
        if let Some((at, _)) = line.char_indices().nth(Self::MOST) {
            line.truncate(line[..at].trim_end().len());
            line.push('…');
        }
        (!line.is_empty()).then_some(Self(line))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reason(not shown)")
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
    /// Too many requests.
    RateLimited,
    /// The account has no credit left: waiting does not help.
    NoCredit,
    /// The input is longer than the model reads.
    TooLong,
    /// It broke, or wrote what cannot be read.
    Broken,
    /// It was silent for too long.
    Silent,
}
