use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};

/// What a page depends on beside its address: language and theme are in cookies, and a script gets
/// a problem in place of the page for what is not there.
const PAGE_VARIES: &str = "Cookie, Accept-Language, Accept";

/// Says on every answer what browsers and proxies may do with it: take it for nothing but what it
/// says it is, tell nobody from where they came, and keep nothing that does not say it may be kept.
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

fn is_page(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    media_type.is_some_and(|it| it.as_bytes().starts_with(b"text/html"))
}

/// Puts what a page depends on beside what else the answer depends on, in one field.
fn vary(headers: &mut HeaderMap) {
    let others = headers.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok());
    let all: Vec<_> = [PAGE_VARIES].into_iter().chain(others).collect();
    if let Ok(all) = HeaderValue::try_from(all.join(", ")) {
        headers.insert(header::VARY, all);
    }
}
