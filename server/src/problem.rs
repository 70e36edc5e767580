mod conversation;

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use engine::{MOST_MODEL_BYTES, StartError, StoreError, SubscribeError};
use http::{HeaderValue, Method, StatusCode, header};
use llm::UnknownModel;
use protocol::{Problem, ProblemCode};

/// How many seconds a client should wait before it repeats a request that got 503.
pub(crate) const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// The greatest length of a problem's detail, which may quote a value as large as a body.
const DETAIL_BYTES: usize = 1024;

/// The response to a refused request: `application/problem+json` (RFC 9457).
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Problem);

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: ProblemCode, detail: impl Into<String>) -> Self {
        Self(Problem {
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            code,
            detail: clipped(detail.into()),
            field: None,
            reply_id: None,
            faults: Box::default(),
        })
    }

    /// Names the field, parameter or header that was wrong.
    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(clipped(field.into()));
        self
    }

    pub(crate) fn not_found() -> Self {
        let detail = "There is no such generation. It may have been deleted.";
        Self::new(StatusCode::NOT_FOUND, ProblemCode::NotFound, detail)
    }

    /// There is no such thing, as `conversation`.
    pub(crate) fn unknown(what: &str) -> Self {
        let detail = format!("There is no such {what}. It may have been deleted.");
        Self::new(StatusCode::NOT_FOUND, ProblemCode::NotFound, detail)
    }

    pub(crate) fn no_route(method: &Method, path: &str) -> Self {
        let detail = format!("There is no route {method} {path}.");
        Self::new(StatusCode::NOT_FOUND, ProblemCode::NotFound, detail)
    }

    /// Nobody has said whose this request is.
    pub(crate) fn unauthorized() -> Self {
        let detail = "This server wants to know who asks: send `Authorization: Bearer` with a \
                      token, or log in at /login.";
        Self::new(StatusCode::UNAUTHORIZED, ProblemCode::Unauthorized, detail)
    }

    /// The proxy has not said whose this request is.
    pub(crate) fn unnamed() -> Self {
        let detail = "The proxy in front of this server has not named the user, or is none of \
                      UNSPOOL_TRUSTED_PROXIES.";
        Self::new(StatusCode::UNAUTHORIZED, ProblemCode::Unauthorized, detail)
    }

    /// Too many wrong tokens came from that address.
    pub(crate) fn too_many_attempts() -> Self {
        let detail = "Too many wrong tokens came from this address. Wait, and try again.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, ProblemCode::LimitReached, detail)
    }

    /// The space has made as many requests as it may in a minute.
    pub(crate) fn too_many_requests() -> Self {
        let detail = "This space has made as many requests as it may in a minute \
                      (UNSPOOL_RATE_PER_MINUTE). Wait, and try again.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, ProblemCode::LimitReached, detail)
    }

    /// The space has as much as it may.
    pub(crate) fn space_is_full() -> Self {
        let detail = "This space takes as many bytes as it may (UNSPOOL_BYTES_PER_SPACE): delete \
                      something first.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, ProblemCode::LimitReached, detail)
    }

    /// A parameter or header that is not what is accepted.
    pub(crate) fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ProblemCode::InvalidParameter, detail).field(name)
    }

    /// A well-formed value that is not what is accepted.
    pub(crate) fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::InvalidField, detail).field(field)
    }

    /// A handler panicked. The message is only in the log, where the panic hook has written it.
    pub(crate) fn panicked() -> Self {
        let detail = "Something went wrong on the server. Its log says more.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal, detail)
    }

    /// A body that cannot be parsed as its media type.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ProblemCode::MalformedBody, detail)
    }

    /// A body whose media type or coding, named by `header`, is not accepted.
    pub(crate) fn media_type(detail: &str, header: &str) -> Self {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Self::new(status, ProblemCode::UnsupportedMediaType, detail).field(header)
    }

    /// The server has too much to do. The client may try again later.
    pub(crate) fn overloaded(detail: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ProblemCode::Overloaded, detail)
    }

    fn shutting_down() -> Self {
        let detail = "The server is closing down. Try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ProblemCode::ShuttingDown, detail)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let detail = format!("The request body is larger than the limit of {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge, detail)
    }
}

/// A refusal that says when it is worth asking again.
pub(crate) fn retry_after(refusal: Refusal, wait: Duration) -> Response {
    let mut response = refusal.into_response();
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response
}

fn clipped(mut text: String) -> String {
    if text.len() > DETAIL_BYTES {
        text.truncate(text.floor_char_boundary(DETAIL_BYTES));
        text.push('…');
    }
    text
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json; charset=utf-8"),
        );
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::UnknownPlace) {
            return Self::invalid("before", "`before` must be what a page gave as its `next`.");
        }
        tracing::error!(error = error.with_causes(), "the store failed");
        match error {
            StoreError::Full => {
                let detail = "There is no room left on the server's disk.";
                Self::new(StatusCode::INSUFFICIENT_STORAGE, ProblemCode::NoRoom, detail)
            }
            StoreError::Busy => {
                Self::overloaded("The server's disk is too slow just now. Try again in a moment.")
            }
            StoreError::Closed => Self::shutting_down(),
            _ => {
                let detail = "The server could not read or write its database. Its log says more.";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal, detail)
            }
        }
    }
}

impl From<StartError> for Refusal {
    fn from(error: StartError) -> Self {
        match error {
            StartError::BlankText => {
                Self::invalid("text", "The field `text` is blank: give the text to be read.")
            }
            StartError::BadModel => {
                let detail = format!(
                    "The field `model` must be a name of up to {MOST_MODEL_BYTES} bytes, and not \
                     blank: leave it out for the server's own."
                );
                Self::invalid("model", detail)
            }
            StartError::UnknownModel(UnknownModel { known }) => {
                let known = known.join(", ");
                let detail = format!("There is no such provider or model; known: {known}.");
                Self::invalid("model", detail)
            }
            StartError::BadShape(error) => Self::invalid("shape", error.to_string()),
            StartError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                ProblemCode::KeyReused,
                "This Idempotency-Key was used with another body. Use a new key.",
            )
            .field("Idempotency-Key"),
            StartError::Overloaded => Self::overloaded(
                "As many generations run and wait as may at once. Try again in a moment.",
            ),
            StartError::TooManyRunning => {
                let detail = "As many generations of this space run and wait as may at once \
                              (UNSPOOL_RUNNING_PER_SPACE). Stop one, or wait.";
                Self::new(StatusCode::TOO_MANY_REQUESTS, ProblemCode::LimitReached, detail)
            }
            StartError::SpaceFull => Self::space_is_full(),
            StartError::ShuttingDown => Self::shutting_down(),
            StartError::Unfinished => {
                let detail = "The server could not start it. Its log says more.";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal, detail)
            }
            StartError::Store(error) => error.into(),
        }
    }
}

/// The field that serde's message names, if it names one.
pub(crate) fn field_in(words: &str) -> Option<&str> {
    words.split_once(" field `")?.1.split('`').next()
}

/// The response to a cursor, given by `parameter`, that cannot be followed. A log that has ended is
/// no error: the answer is 204, upon which `EventSource` does not reconnect.
pub(crate) fn of_subscribe(error: SubscribeError, parameter: &str) -> Response {
    match error {
        SubscribeError::Ended => StatusCode::NO_CONTENT.into_response(),
        SubscribeError::Unknown => Refusal::not_found().into_response(),
        SubscribeError::BeyondEnd { last } => Refusal::parameter(
            parameter,
            format!("The log ends at {last}: an id from 0 to {last} is accepted."),
        )
        .into_response(),
        SubscribeError::Store(error) => Refusal::from(error).into_response(),
    }
}
