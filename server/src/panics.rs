use std::panic::AssertUnwindSafe;

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;

use crate::problem::Refusal;

/// Answers with a problem where a handler panics.
pub(crate) async fn catch(request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| Refusal::panicked().into_response())
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use http::StatusCode;
    use tower::ServiceExt;

    use super::*;

    async fn boom() {
        panic!("boom")
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_500() {
        let router = Router::new().route("/", get(boom)).layer(from_fn(catch));
        let answer = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(answer.into_body(), 1024).await.unwrap();
        let body = String::from_utf8_lossy(&body);
        assert!(body.contains("internal") && !body.contains("boom"), "{body}");
    }
}
