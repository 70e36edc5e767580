//! The page's server functions as the rest of the server answers: refusals are problems, and no
//! answer leads away. Left to itself, Leptos answers a body that it cannot read with a 500, and a
//! form with a redirect to wherever the `Referer` says.

use app::ApiError;
use axum::{
    Extension,
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, header};
use leptos::{
    prelude::FromServerFnError,
    server_fn::{
        ContentType,
        codec::{JsonEncoding, PostUrl},
        error::SERVER_FN_ERROR_HEADER,
    },
};
use percent_encoding::percent_decode;
use url::{Position, Url};

use crate::{
    host::OwnHost,
    problem::{Refusal, field_in},
};

/// Nothing stores what is posted. Where an answer to a page's script forbids it all the same, a
/// browser does not put the page aside (the back-forward cache), and has to load it when its reader
/// comes back.
const KEPT: &str = "private, no-cache";

/// More than a refusal says that does not quote half its request.
const REFUSAL_BYTES: usize = 64 * 1024;

/// Answers a call of a server function; pages, which are only read, are left as they are.
pub(crate) async fn answer(
    Extension(own): Extension<OwnHost>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let answer = call(&own, request, next).await;
    let mut response = answer.unwrap_or_else(IntoResponse::into_response);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    response
}

async fn call(own: &OwnHost, mut request: Request, next: Next) -> Result<Response, Refusal> {
    match media_type(request.headers()) {
        Some(MediaType::Json) => {}
        Some(MediaType::Form) => request = readable(request).await?,
        None => {
            let detail = "The body must be JSON or a form's (application/x-www-form-urlencoded).";
            return Err(Refusal::media_type(detail, "Content-Type"));
        }
    }
    lead_back_to_own_page(own, request.headers_mut());
    let response = next.run(request).await;
    if response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return Err(refusal(response).await);
    }
    Ok(response)
}

/// The media types that server functions read.
enum MediaType {
    Json,
    Form,
}

fn media_type(headers: &HeaderMap) -> Option<MediaType> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next()?.trim();
    if essence.eq_ignore_ascii_case(JsonEncoding::CONTENT_TYPE) {
        Some(MediaType::Json)
    } else if essence.eq_ignore_ascii_case(PostUrl::CONTENT_TYPE) {
        Some(MediaType::Form)
    } else {
        None
    }
}

/// A form that is UTF-8. Leptos would replace what is not, and read something else than was sent.
async fn readable(request: Request) -> Result<Request, Refusal> {
    let (head, body) = request.into_parts();
    // It is all there, and within its limit: `limits::take_in` came first.
    let body = to_bytes(body, usize::MAX).await;
    let bytes = body.map_err(|_| Refusal::malformed("The body broke off."))?;
    if percent_decode(&bytes).decode_utf8().is_err() {
        return Err(Refusal::malformed("The body is not UTF-8."));
    }
    Ok(Request::from_parts(head, Body::from(bytes)))
}

/// Leaves of the `Referer`, to which forms are led back, only a path on this server.
fn lead_back_to_own_page(own: &OwnHost, headers: &mut HeaderMap) {
    let referer = headers.remove(header::REFERER);
    let page = referer.as_ref().and_then(|page| Url::parse(page.to_str().ok()?).ok());
    let Some(page) = page.filter(|page| own.is_of(page)) else { return };
    let path = &page[Position::BeforePath..Position::AfterQuery];
    // Two slashes begin another host.
    if !path.starts_with("//")
        && let Ok(path) = HeaderValue::from_str(path)
    {
        headers.insert(header::REFERER, path);
    }
}

/// Why a server function gave no answer: the backend refused, or its body could not be read.
async fn refusal(response: Response) -> Refusal {
    let body = to_bytes(response.into_body(), REFUSAL_BYTES).await;
    match body.map(ApiError::de) {
        Ok(ApiError::Refused(problem)) => Refusal(problem),
        Ok(ApiError::Unreachable(words)) => malformed(&words),
        // It quotes too much of the body.
        Ok(ApiError::TooLargeOnTheWay) | Err(_) => Refusal::malformed("The body does not fit."),
    }
}

fn malformed(words: &str) -> Refusal {
    // Before the colon, Leptos says what it was doing.
    let words = words.split_once(": ").map_or(words, |(_, words)| words);
    let refusal = Refusal::malformed(format!("The body does not fit: {words}."));
    match field_in(words) {
        Some(field) => refusal.field(field),
        None => refusal,
    }
}
