use serde::{Deserialize, Serialize};

/// Why a generation failed: a stable word for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// No connection to the provider.
    ProviderUnreachable,
    /// The provider refused: key, model or request.
    ProviderRejected,
    /// The provider asks for fewer requests.
    RateLimited,
    /// The provider broke.
    ProviderError,
    /// The model wrote something other than the document that was asked for.
    InvalidOutput,
    /// The model's answer ended before the document did.
    TruncatedOutput,
    /// The text is longer than the model can read.
    InputTooLong,
    /// The provider was silent for too long.
    Timeout,
    /// The server ended while the generation ran.
    Interrupted,
    /// Too many generations run at once.
    Overloaded,
    /// A fault of our own.
    Internal,
}

/// Why a provider refused, more closely than the code says: each calls for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCause {
    /// The key is missing or wrong.
    KeyRefused,
    /// There is no such model or endpoint.
    ModelUnknown,
    /// The account has no credit left.
    NoCredit,
}

impl FailureCode {
    /// Whether the same request may succeed when it is tried again.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(self, Self::ProviderRejected | Self::InputTooLong)
    }
}

/// Why a generation failed, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// For programs.
    pub code: FailureCode,
    /// For people: what happened and what to do, in English.
    pub message: String,
    /// Whether trying again may help.
    pub retryable: bool,
    /// What the model wrote when it was not the document that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Why the provider refused, where that is known more closely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<FailureCause>,
    /// Host and port of the provider that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The provider's own sentence, shortened and without keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// When the provider wants to be asked again, in milliseconds after the failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Failure {
    /// A failure of which no more is known.
    #[must_use]
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retryable: code.is_retryable(),
            output: None,
            cause: None,
            host: None,
            said: None,
            retry_after_ms: None,
        }
    }
}
