use axum::extract::OriginalUri;
use http::{Method, StatusCode};
use protocol::ProblemCode;

use crate::problem::Refusal;

/// A path below `/api` that is no route.
pub(crate) async fn api(method: Method, OriginalUri(uri): OriginalUri) -> Refusal {
    Refusal::no_route(&method, uri.path())
}

/// A route that does not take this method.
pub(crate) async fn method(method: Method, OriginalUri(uri): OriginalUri) -> Refusal {
    let detail =
        format!("{} does not take {method}; the Allow header lists what it takes.", uri.path());
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, ProblemCode::MethodNotAllowed, detail)
}
