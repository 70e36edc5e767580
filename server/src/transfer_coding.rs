use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};

use crate::problem::Refusal;

/// Refuses bodies in any transfer coding but `chunked`. hyper decodes no other, so that the encoded
/// bytes would be taken for the body.
pub(crate) async fn require_chunked(request: Request, next: Next) -> Response {
    if is_chunked_or_none(request.headers()) {
        return next.run(request).await;
    }
    let detail = "No transfer coding but `chunked`, once, is understood.";
    let mut response = Refusal::parameter("Transfer-Encoding", detail).into_response();
    // It is not certain where such a body ends, so the bytes after it must not be read as a request.
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn is_chunked_or_none(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => false,
    }
}
