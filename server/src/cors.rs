use http::{HeaderName, Method, header};
use tower_http::cors::{AllowOrigin, Any, CorsLayer, ExposeHeaders};

use crate::config::Origins;

/// Lets the listed origins call from a browser.
pub(crate) fn layer(origins: &Origins) -> CorsLayer {
    let layer = match origins {
        Origins::Any => CorsLayer::new().allow_origin(Any),
        Origins::Listed(listed) => {
            CorsLayer::new().allow_origin(AllowOrigin::list(listed.iter().cloned()))
        }
    };
    layer
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::ACCEPT,
            header::CACHE_CONTROL,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers(ExposeHeaders::list([header::LOCATION, header::RETRY_AFTER]))
        .max_age(std::time::Duration::from_secs(600))
}
