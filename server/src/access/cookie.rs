use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};

/// The cookie of a browser that has logged in.
pub(super) const SESSION: &str = "unspool_session";

/// The cookie of a browser that has a space of its own.
pub(super) const BROWSER: &str = "unspool_browser";

/// The value of a cookie that the request bears.
pub(super) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// What sets a cookie that no script can read and no other site's form sends. Over HTTPS it comes
/// back over HTTPS only.
pub(super) fn set(
    request: &HeaderMap,
    name: &str,
    value: &str,
    age: Duration,
) -> Option<HeaderValue> {
    let secure = if is_https(request) { "; Secure" } else { "" };
    let age = age.as_secs();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    HeaderValue::try_from(cookie).ok()
}

/// Whether the browser came by HTTPS, as a proxy or the browser itself says. Whoever lies about
/// that gets a cookie that does not work for them.
fn is_https(request: &HeaderMap) -> bool {
    let says = |name: header::HeaderName, start: &str| {
        let value = request.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.trim().starts_with(start))
    };
    says(header::HeaderName::from_static("x-forwarded-proto"), "https")
        || says(header::ORIGIN, "https://")
        || says(header::REFERER, "https://")
}
