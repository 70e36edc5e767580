use llm::{ErrorKind, Place, SetBy};
use protocol::{Failure, FailureCode};

/// What a viewer is told of a provider's error: what happened and where, in the provider's own words
/// where it has said any, and what to do.
pub(crate) fn of_provider(error: &llm::Error, place: Option<&Place>) -> Failure {
    let SetBy { address, key, model } = place.map(|it| it.set_by.clone()).unwrap_or_default();
    let (code, what, advice) = match error.kind {
        ErrorKind::Unreachable => (
            FailureCode::ProviderUnreachable,
            "cannot be reached",
            format!("Check that it runs and that {address} is right."),
        ),
        ErrorKind::Unauthorised if place.is_some_and(|place| !place.has_key) => (
            FailureCode::ProviderRejected,
            "wants a key, and has none",
            format!("Set {key} and start the server again."),
        ),
        ErrorKind::Unauthorised => (
            FailureCode::ProviderRejected,
            "refused the key",
            format!("Set {key} to a valid one and start the server again."),
        ),
        ErrorKind::UnknownModel => (
            FailureCode::ProviderRejected,
            "does not know this model",
            format!("Check {model} and {address}."),
        ),
        ErrorKind::Rejected => (
            FailureCode::ProviderRejected,
            "refused the request",
            "The server's log says more.".to_owned(),
        ),
        ErrorKind::RateLimited => (
            FailureCode::RateLimited,
            "asks for fewer requests",
            "Wait a moment and try again.".to_owned(),
        ),
        ErrorKind::TooLong => (
            FailureCode::InputTooLong,
            "says that the text is longer than the model can read",
            "Shorten it or choose another model.".to_owned(),
        ),
        ErrorKind::Broken => {
            (FailureCode::ProviderError, "broke off its answer", "Try again.".to_owned())
        }
        ErrorKind::Silent => {
            (FailureCode::Timeout, "was silent for too long", "Try again.".to_owned())
        }
    };
    let who = match place.map(|place| place.host.as_str()).filter(|host| !host.is_empty()) {
        Some(host) => format!("The provider at {host}"),
        None => "The provider".to_owned(),
    };
    let reason = match &error.reason {
        Some(reason) => format!(": “{}”.", reason.as_str()),
        None => ".".to_owned(),
    };
    let wait = match error.retry_after {
        Some(wait) => format!(" It can be asked again in {} s.", wait.as_secs().max(1)),
        None => String::new(),
    };
    Failure::new(code, format!("{who} {what}{reason}{wait} {advice}"))
}

/// The generation ran longer than any may.
pub(crate) fn too_slow() -> Failure {
    Failure::new(
        FailureCode::Timeout,
        "The answer took too long and was ended. What had arrived is kept. Try again.",
    )
}

/// The server ended while the generation ran.
pub(crate) fn interrupted() -> Failure {
    Failure::new(
        FailureCode::Interrupted,
        "The server ended before this was done. What had arrived is kept. Try again.",
    )
}

/// Events could not be recorded.
pub(crate) fn of_store(error: &store::Error) -> Failure {
    match error {
        store::Error::Full => Failure::new(
            FailureCode::Internal,
            "There is no room left on the server's disk. What had arrived is kept.",
        ),
        _ => internal(),
    }
}

/// A fault of our own.
pub(crate) fn internal() -> Failure {
    Failure::new(
        FailureCode::Internal,
        "Something went wrong on the server. What had arrived is kept. Try again.",
    )
}

/// The model's provider withheld the rest.
pub(crate) fn filtered() -> Failure {
    Failure::new(
        FailureCode::ProviderRejected,
        "The provider withheld the rest of the answer. What had arrived is kept.",
    )
}

/// The document is not whole.
pub(crate) fn truncated() -> Failure {
    Failure::new(
        FailureCode::TruncatedOutput,
        "The model stopped early: the answer is incomplete. Ask for a shorter one or try again.",
    )
}

/// The model repeats itself and would not come to an end.
pub(crate) fn repeating() -> Failure {
    Failure::new(
        FailureCode::TruncatedOutput,
        "The model wrote the same again and again and was stopped: the answer is incomplete. Try \
         again or choose another model.",
    )
}

/// What the model wrote is not the document that was asked for.
pub(crate) fn invalid(what: &str, output: String) -> Failure {
    let message = format!(
        "The model did not write what it was asked for: {what}. Try again or choose another model."
    );
    Failure {
        output: (!output.is_empty()).then_some(output),
        ..Failure::new(FailureCode::InvalidOutput, message)
    }
}
