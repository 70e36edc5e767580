use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
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

    /// Whether nobody has answered, so that what was asked for may have been done or not.
    #[must_use]
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Unreachable(_))
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
}
