//! Refuses requests that another site's page makes a browser send. CORS does not prevent those of
//! forms, pictures and links, which could start or delete a generation.

use axum::{
    Extension,
    extract::{Request, State as Shared},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use protocol::ProblemCode;
use url::Url;

use crate::{
    config::{AccessMode, Origins},
    host::OwnHost,
    problem::Refusal,
    state::State,
};

/// Refuses such requests when their method can change something.
pub(crate) async fn refuse_changes(
    state: Shared<State>,
    own: Extension<OwnHost>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    refuse_all(state, own, request, next).await
}

/// Refuses such requests whatever their method, for routes whose GET starts a generation.
pub(crate) async fn refuse_all(
    Shared(state): Shared<State>,
    Extension(own): Extension<OwnHost>,
    request: Request,
    next: Next,
) -> Response {
    let access = &state.config.access;
    match check(request.headers(), &own, &access.cors_origins, &access.mode) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn check(
    headers: &HeaderMap,
    own: &OwnHost,
    allowed: &Origins,
    mode: &AccessMode,
) -> Result<(), Refusal> {
    let page = origin(headers);
    // What a browser adds by itself, a cookie or the login at a proxy, would speak for any page.
    let is_for_any = *mode == AccessMode::Open || headers.contains_key(header::AUTHORIZATION);
    if is_allowed(page.as_ref(), allowed, is_for_any) {
        return Ok(());
    }
    // This header is the most reliable one, but browsers send it only over HTTPS or to localhost.
    if let Some(site) = text(headers, "sec-fetch-site") {
        let is_own = matches!(site, "same-origin" | "none");
        return if is_own { Ok(()) } else { Err(other_site("Sec-Fetch-Site")) };
    }
    match page {
        Some(page) if Url::parse(&page.origin).is_ok_and(|page| own.is_of(&page)) => Ok(()),
        Some(page) => Err(other_site(page.header)),
        None if is_browser(headers) => Err(unknown_site()),
        None => Ok(()),
    }
}

/// The origin of the page that makes a browser send a request, and the header that names it.
struct Page {
    origin: String,
    header: &'static str,
}

/// The page that sends a request. With forms, pictures and links, browsers may send `Referer` and no
/// `Origin`.
fn origin(headers: &HeaderMap) -> Option<Page> {
    if let Some(origin) = text(headers, header::ORIGIN.as_str()) {
        return Some(Page { origin: origin.to_owned(), header: "Origin" });
    }
    let page = Url::parse(text(headers, header::REFERER.as_str())?).ok()?.origin();
    page.is_tuple().then(|| Page { origin: page.ascii_serialization(), header: "Referer" })
}

fn is_allowed(page: Option<&Page>, allowed: &Origins, is_for_any: bool) -> bool {
    match allowed {
        Origins::Any => is_for_any,
        Origins::Listed(listed) => {
            page.is_some_and(|page| listed.iter().any(|listed| *listed == page.origin))
        }
    }
}

/// Whether the User-Agent begins with `Mozilla/`, as every browser's does and hardly any script's.
fn is_browser(headers: &HeaderMap) -> bool {
    text(headers, header::USER_AGENT.as_str()).is_some_and(|agent| agent.starts_with("Mozilla/"))
}

/// A header's value. A value that is not text is read as `null`, the origin that matches no other.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("null"))
}

fn other_site(header: &'static str) -> Refusal {
    let detail =
        "This origin may not call the server from a browser. UNSPOOL_CORS_ORIGINS can list it.";
    Refusal::new(StatusCode::FORBIDDEN, ProblemCode::Forbidden, detail).field(header)
}

fn unknown_site() -> Refusal {
    let detail = "The User-Agent is a browser's, but neither Origin nor Referer nor Sec-Fetch-Site \
                  says whose page sends this: another site's could. A script can name itself, or \
                  send the server's own address as Origin.";
    Refusal::new(StatusCode::FORBIDDEN, ProblemCode::Forbidden, detail).field("User-Agent")
}
