use axum::{
    extract::{Request, State as Shared},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, Method, StatusCode, header};
use protocol::ProblemCode;
use tower_http::cors::{AllowOrigin, Any, CorsLayer, ExposeHeaders};

use crate::{config::Origins, problem::Refusal, state::State};

/// Lets the listed origins call from a browser.
pub(crate) fn layer(origins: &Origins) -> CorsLayer {
    let layer = match origins {
        Origins::Any => CorsLayer::new().allow_origin(Any),
        Origins::Listed(listed) => {
            CorsLayer::new().allow_origin(AllowOrigin::list(listed.iter().cloned()))
        }
    };
    layer
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::DELETE])
        .allow_headers([
            header::CONTENT_TYPE,
            header::ACCEPT,
            header::CACHE_CONTROL,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers(ExposeHeaders::list([header::LOCATION, header::RETRY_AFTER]))
        .max_age(std::time::Duration::from_secs(600))
}

/// Refuses what another site's page makes a browser send without asking first: forms and the like
/// need no permission from CORS, yet would start or delete something here.
pub(crate) async fn refuse_foreign(
    Shared(state): Shared<State>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    refuse_foreign_reads(Shared(state), request, next).await
}

/// As [`refuse_foreign`], where a GET starts something, too.
pub(crate) async fn refuse_foreign_reads(
    Shared(state): Shared<State>,
    request: Request,
    next: Next,
) -> Response {
    if !is_foreign(&request) || is_listed(&state, &request) {
        return next.run(request).await;
    }
    Refusal::new(
        StatusCode::FORBIDDEN,
        ProblemCode::Forbidden,
        "This origin may not call the server from a browser. UNSPOOL_CORS_ORIGINS can list it.",
    )
    .field("Origin")
    .into_response()
}

/// Whether a page of another origin makes the browser send this. Browsers say so by
/// `Sec-Fetch-Site`, though only to trustworthy addresses; else the `Origin` or, for pictures and
/// links, the `Referer` is not of this host, as far as its page lets the browser tell.
fn is_foreign(request: &Request) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "cross-site" | "same-site");
    }
    match (header("origin").or_else(|| header("referer")), header("host")) {
        (Some(page), Some(host)) => host_of(page) != Some(host),
        _ => false,
    }
}

/// The host of an address, with its port.
fn host_of(address: &str) -> Option<&str> {
    address.split_once("://")?.1.split('/').next()
}

fn is_listed(state: &State, request: &Request) -> bool {
    let origin = request.headers().get(header::ORIGIN);
    match &state.config.cors_origins {
        Origins::Any => true,
        Origins::Listed(listed) => origin.is_some_and(|origin| listed.contains(origin)),
    }
}
