use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRef, FromRequest, OptionalFromRequest, Request},
};
use bytes::Bytes;
use http::{StatusCode, header};
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError};
use protocol::ProblemCode;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::timeout;

use crate::{limits, problem::Refusal, state::State};

/// How long a client may take to send a body.
const DEADLINE: Duration = Duration::from_secs(30);

/// A JSON body, or a refusal that names the place where it is not what is accepted.
pub(crate) struct Json<T>(pub(crate) T);

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    State: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_json(&request) {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ProblemCode::UnsupportedMediaType,
                "The body's Content-Type must be application/json.",
            )
            .field("Content-Type"));
        }
        let limit = State::from_ref(state).config.max_input_bytes;
        let bytes = read(request.into_body(), limit).await?;
        parse(&bytes).map(Json)
    }
}

/// No body at all is no refusal where a body is optional.
impl<S, T> OptionalFromRequest<S> for Json<T>
where
    S: Send + Sync,
    State: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Refusal> {
        if request.body().is_end_stream() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

fn is_json(request: &Request) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// Reads a whole body, which [`refuse_large`](crate::limits::refuse_large) has bounded to `limit`.
async fn read(mut body: Body, limit: usize) -> Result<Bytes, Refusal> {
    match timeout(DEADLINE, (&mut body).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if is_too_large(&error) => {
            limits::drain(body).await;
            Err(Refusal::too_large(limit))
        }
        Ok(Err(_)) => Err(malformed("The body broke off.")),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            ProblemCode::MalformedBody,
            format!("The body took longer than {} seconds.", DEADLINE.as_secs()),
        )),
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, ProblemCode::MalformedBody, detail)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        malformed(format!("The body is not UTF-8: byte {} is wrong.", error.valid_up_to()))
    })?;
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        // A number where one of several words is due is a fault of syntax to serde_json.
        if inner.is_data() || serde_json::from_str::<IgnoredAny>(text).is_ok() {
            let words = inner.to_string();
            Refusal::invalid(
                missing(&words).unwrap_or(&path),
                format!("The body does not fit: {words}."),
            )
        } else {
            malformed(format!("The body is not JSON: {inner}."))
        }
    })?;
    json.end().map_err(|error| malformed(format!("The body is not JSON: {error}.")))?;
    Ok(value)
}

/// The field that is not there: serde names it in words alone, its path ends above it.
fn missing(words: &str) -> Option<&str> {
    words.strip_prefix("missing field `")?.split('`').next()
}
