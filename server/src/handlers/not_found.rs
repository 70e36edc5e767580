use axum::extract::OriginalUri;
use http::{Method, StatusCode};
use protocol::ProblemCode;

use crate::problem::Refusal;

/// A path below `/api` that is no route.
pub(crate) async fn api(OriginalUri(uri): OriginalUri) -> Refusal {
    let detail = format!("There is no route {}.", uri.path());
    Refusal::new(StatusCode::NOT_FOUND, ProblemCode::NotFound, detail)
}

/// A route that does not take this method.
pub(crate) async fn method(method: Method, OriginalUri(uri): OriginalUri) -> Refusal {
    let detail =
        format!("{} does not take {method}; the Allow header lists what it takes.", uri.path());
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, ProblemCode::MethodNotAllowed, detail)
}
