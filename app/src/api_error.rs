use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::{Bytes, Decodes},
};
use protocol::{Problem, ProblemCode};
use serde::{Deserialize, Serialize};

use crate::json_text::JsonText;

/// Why a server function returned an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// The server refused the request, and the problem says why.
    Refused(Problem),
    /// A proxy before the server found the request too large and did not pass it on.
    TooLargeOnTheWay,
    /// No answer came, or none that could be read.
    Unreachable(String),
}

impl ApiError {
    /// Whether what was asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.code == ProblemCode::NotFound)
    }

    /// Whether the request may have been carried out all the same, because nobody answered or the
    /// server itself failed.
    #[must_use]
    pub fn leaves_open(&self) -> bool {
        match self {
            Self::Refused(problem) => problem.status >= 500,
            Self::TooLargeOnTheWay => false,
            Self::Unreachable(_) => true,
        }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Unreachable(error.to_string())
    }

    /// The layers in front of the server functions refuse with a bare problem body, so that is
    /// tried as well.
    fn de(data: Bytes) -> Self {
        JsonText::decode(data.clone())
            .or_else(|_| JsonText::decode(data).map(Self::Refused))
            .unwrap_or_else(|error| Self::Unreachable(error.to_string()))
    }
}
