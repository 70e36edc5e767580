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
    let Some(field) = foreign_by(&request).filter(|_| !is_listed(&state, &request)) else {
        return next.run(request).await;
    };
    Refusal::new(
        StatusCode::FORBIDDEN,
        ProblemCode::Forbidden,
        "This origin may not call the server from a browser. UNSPOOL_CORS_ORIGINS can list it.",
    )
    .field(field)
    .into_response()
}

/// The header that tells that a page of another origin makes the browser send this. Browsers say
/// so by `Sec-Fetch-Site`, though only to trustworthy addresses; else the page's origin is not this
/// host.
fn foreign_by(request: &Request) -> Option<&'static str> {
    if let Some(site) = header(request, "sec-fetch-site") {
        return matches!(site, "cross-site" | "same-site").then_some("Sec-Fetch-Site");
    }
    let ((origin, told_by), host) = (origin(request)?, header(request, "host")?);
    origin.split_once("://").is_none_or(|(_, from)| from != host).then_some(told_by)
}

/// The origin of the page that makes the browser send this, as far as the browser says so, and the
/// header that tells it: of pictures and links it may only be the page's address.
fn origin(request: &Request) -> Option<(&str, &'static str)> {
    let told = header(request, "origin").map(|origin| (origin, "Origin"));
    told.or_else(|| {
        let page = header(request, "referer").filter(|_| request.method().is_safe())?;
        let (scheme, rest) = page.split_once("://")?;
        let host = rest.split('/').next()?;
        Some((page.get(..scheme.len() + "://".len() + host.len())?, "Referer"))
    })
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

fn is_listed(state: &State, request: &Request) -> bool {
    match &state.config.cors_origins {
        Origins::Any => true,
        Origins::Listed(listed) => {
            origin(request).is_some_and(|(origin, _)| listed.iter().any(|listed| listed == origin))
        }
    }
}
