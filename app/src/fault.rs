use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::{Bytes, codec::JsonEncoding},
};
use protocol::{Problem, ProblemCode};
use serde::{Deserialize, Serialize};

/// Why a server function gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The server refused, and says why.
    Refused(Problem),
    /// Something before the server found it too large, and did not pass it on.
    TooLargeOnTheWay,
    /// No answer came, or none that can be read.
    Unreachable(String),
}

impl Fault {
    /// Whether what was asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.code == ProblemCode::NotFound)
    }

    /// Whether what was asked for may have been done all the same: nobody has answered, or whoever
    /// did was in trouble.
    #[must_use]
    pub fn leaves_open(&self) -> bool {
        match self {
            Self::Refused(problem) => problem.status >= 500,
            Self::TooLargeOnTheWay => false,
            Self::Unreachable(_) => true,
        }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl FromServerFnError for Fault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Unreachable(error.to_string())
    }

    /// What stands before all calls refuses with a bare problem body, not with a fault.
    fn de(data: Bytes) -> Self {
        serde_json::from_slice(&data)
            .or_else(|_| serde_json::from_slice(&data).map(Self::Refused))
            .unwrap_or_else(|error| Self::Unreachable(error.to_string()))
    }
}
