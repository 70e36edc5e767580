use axum::extract::{FromRequest, OptionalFromRequest, Request};
use http::{StatusCode, header};
use http_body::Body as _;
use http_body_util::BodyExt;
use protocol::ProblemCode;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::problem::{Refusal, field_in};

/// A JSON body, or a refusal that names the field that is not accepted.
#[derive(Default)]
pub(crate) struct Json<T>(pub(crate) T);

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if !is_json(&request) {
            let detail = "The body's Content-Type must be application/json.";
            return Err(Refusal::media_type(detail, "Content-Type"));
        }
        // This does not wait for the client: `read_body` has received the whole body.
        let collected = request.into_body().collect().await;
        let bytes = collected.map_err(|_| Refusal::malformed("The body broke off."))?.to_bytes();
        parse(&bytes).map(Json)
    }
}

/// A missing body is `None`; a body that cannot be read is still refused.
impl<S, T> OptionalFromRequest<S> for Json<T>
where
    S: Send + Sync,
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

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Refusal::malformed(format!("The body is not UTF-8: byte {} is wrong.", error.valid_up_to()))
    })?;
    // serde would take an array's elements for the fields, in their order.
    if text.trim_start().starts_with('[') && serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return Err(unfit("The body must be a JSON object."));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() && serde_json::from_str::<IgnoredAny>(text).is_ok() {
            misfit(&path, &error.to_string())
        } else {
            Refusal::malformed(format!("The body is not JSON: {error}."))
        }
    })?;
    json.end().map_err(|error| Refusal::malformed(format!("The body is not JSON: {error}.")))?;
    Ok(value)
}

/// Refuses a body whose value at `path` is not accepted. For a field that is missing or duplicated,
/// serde's path is that of the object around it (`.` for the body itself), and only its message
/// names the field.
fn misfit(path: &str, words: &str) -> Refusal {
    let refusal = unfit(&format!("The body does not fit: {words}."));
    match Some(path).filter(|path| *path != ".").or_else(|| field_in(words)) {
        Some(field) => refusal.field(field),
        None => refusal,
    }
}

fn unfit(detail: &str) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::InvalidField, detail)
}
