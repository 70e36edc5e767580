use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};

/// The request headers that a page depends on. Language and theme are in cookies, and `Accept` decides
/// whether a 404 is a page or a problem.
const PAGE_VARIES: &str = "Cookie, Accept-Language, Accept, Accept-Encoding";

/// Adds headers to every response: browsers must not guess its type or send its address as a referrer,
/// and no cache may store it unless the response itself permits that.
pub(crate) async fn complete(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if is_page(headers) {
        vary(headers);
    }
    let kept = headers.entry(header::CACHE_CONTROL);
    kept.or_insert(HeaderValue::from_static("private, no-store"));
    response
}

/// Whether a response is a page.
pub(crate) fn is_page(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    media_type.is_some_and(|it| it.as_bytes().starts_with(b"text/html"))
}

/// Joins the page's `Vary` with what the response has already.
fn vary(headers: &mut HeaderMap) {
    let others = headers.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok());
    let all: Vec<_> = [PAGE_VARIES].into_iter().chain(others).collect();
    if let Ok(all) = HeaderValue::try_from(all.join(", ")) {
        headers.insert(header::VARY, all);
    }
}
