use http::StatusCode;
use test_support::Unspool;

use crate::stage::{ask_raw, builtin, problem};

const CHUNKS: &str = "f\r\n{\"text\":\"Ice.\"}\r\n0\r\n\r\n";

async fn post(server: &Unspool, fields: &str, body: &str) -> test_support::Answer {
    let request = format!(
        "POST /api/generations HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         {fields}\r\n{body}"
    );
    ask_raw(server, &request).await
}

/// What comes after such a body is not taken for a request either.
#[tokio::test]
async fn a_coding_that_is_not_taken_off_is_a_problem_400() {
    let server = builtin().await;
    let next = format!("{CHUNKS}GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    for coding in [
        "gzip, chunked",
        "identity, chunked",
        "chunked, chunked",
        ", chunked",
        "gzip\r\ntransfer-encoding: chunked",
        "chunked\r\ntransfer-encoding: chunked",
    ] {
        let answer = post(&server, &format!("transfer-encoding: {coding}\r\n"), &next).await;
        let body = problem(&answer, 400, "invalid_parameter");
        assert_eq!(body["field"], "Transfer-Encoding", "{coding}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{coding}");
    }
}

/// hyper answers these itself, as they leave the body's end unknown.
#[tokio::test]
async fn a_body_whose_end_is_unknown_is_a_400() {
    let server = builtin().await;
    for fields in [
        "transfer-encoding: identity\r\n",
        "transfer-encoding: gzip\r\n",
        "transfer-encoding: chunked, gzip\r\n",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding: chunked;a=b\r\n",
        "transfer-encoding:\r\n",
        "content-length: 15\r\ncontent-length: 16\r\n",
        "content-length: +15\r\n",
        "content-length: 15, 15\r\n",
    ] {
        let answer = post(&server, fields, CHUNKS).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{fields:?}");
    }
    let old = "POST /api/generations HTTP/1.0\r\nhost: localhost\r\n\
               transfer-encoding: chunked\r\n\r\n";
    assert_eq!(ask_raw(&server, old).await.status, StatusCode::BAD_REQUEST);
}

/// By RFC 9112 (section 6.3) the chunks count, and the connection ends with the answer: whatever a
/// proxy took for the body, nothing after it is answered.
#[tokio::test]
async fn a_length_beside_chunks_smuggles_nothing() {
    let server = builtin().await;
    let smuggled = format!("{CHUNKS}GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    for fields in [
        format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", smuggled.len()),
        "transfer-encoding: chunked\r\ncontent-length: 3\r\n".to_owned(),
    ] {
        let answer = post(&server, &fields, &smuggled).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        assert!(!answer.text().contains("HTTP/1.1"), "{}", answer.text());
    }
}

#[tokio::test]
async fn chunks_alone_are_taken_however_they_are_spelt() {
    let server = builtin().await;
    for coding in ["chunked", "Chunked", "  CHUNKED  "] {
        let fields = format!("connection: close\r\ntransfer-encoding: {coding}\r\n");
        let answer = post(&server, &fields, CHUNKS).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{coding}");
    }
}
