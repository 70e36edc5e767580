//! Makes the page's server functions respond as the API does: errors are problem bodies, and redirects
//! stay on this server. By default, Leptos responds with a 500 to a body that it cannot read, and
//! redirects a form to any address that the `Referer` names.

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

/// Browsers do not store responses to a POST, so `no-store` is not needed. It would do harm, as they
/// keep a page that has received such a response out of the back/forward cache.
const CACHE_CONTROL: &str = "private, no-cache";

/// How much of an error response is read. Only an error that quotes much of its request is longer.
const REFUSAL_BYTES: usize = 64 * 1024;

/// Responds to a call of a server function, which is a POST. Other requests are for pages and are
/// passed on.
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
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL));
    response
}

async fn call(own: &OwnHost, mut request: Request, next: Next) -> Result<Response, Refusal> {
    match media_type(request.headers()) {
        Some(MediaType::Json) => {}
        Some(MediaType::Form) => request = require_utf8(request).await?,
        None => {
            let detail = "The body must be JSON or a form's (application/x-www-form-urlencoded).";
            return Err(Refusal::media_type(detail, "Content-Type"));
        }
    }
    restrict_referer(own, request.headers_mut());
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

/// Refuses a form that is not UTF-8. Leptos would replace the invalid bytes, and so read another text
/// than the one that was sent.
async fn require_utf8(request: Request) -> Result<Request, Refusal> {
    let (head, body) = request.into_parts();
    // This does not wait and needs no limit, as `read_body` has received the whole body already.
    let body = to_bytes(body, usize::MAX).await;
    let bytes = body.map_err(|_| Refusal::malformed("The body broke off."))?;
    if percent_decode(&bytes).decode_utf8().is_err() {
        return Err(Refusal::malformed("The body is not UTF-8."));
    }
    Ok(Request::from_parts(head, Body::from(bytes)))
}

/// Leptos redirects a form to its `Referer`. This reduces that header to a path on this server, or
/// removes it.
fn restrict_referer(own: &OwnHost, headers: &mut HeaderMap) {
    let referer = headers.remove(header::REFERER);
    let page = referer.as_ref().and_then(|page| Url::parse(page.to_str().ok()?).ok());
    let Some(page) = page.filter(|page| own.is_of(page)) else { return };
    let path = &page[Position::BeforePath..Position::AfterQuery];
    // A redirect to `//name` would lead to the host `name`.
    if !path.starts_with("//")
        && let Ok(path) = HeaderValue::from_str(path)
    {
        headers.insert(header::REFERER, path);
    }
}

/// Why a server function failed: the backend refused the call, or the body could not be read.
async fn refusal(response: Response) -> Refusal {
    let body = to_bytes(response.into_body(), REFUSAL_BYTES).await;
    match body.map(ApiError::de) {
        Ok(ApiError::Refused(problem)) => Refusal(problem),
        Ok(ApiError::Unreachable(message)) => malformed(&message),
        // This message quotes more of the body than a problem body may hold.
        Ok(ApiError::TooLargeOnTheWay) | Err(_) => Refusal::malformed("The body does not fit."),
    }
}

fn malformed(message: &str) -> Refusal {
    // Before the colon, Leptos has the name of its own step.
    let reason = message.split_once(": ").map_or(message, |(_, reason)| reason);
    let refusal = Refusal::malformed(format!("The body does not fit: {reason}."));
    match field_in(reason) {
        Some(field) => refusal.field(field),
        None => refusal,
    }
}
