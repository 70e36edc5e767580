use bytes::Bytes;
use http::{Method, StatusCode};
use rig::{Body, Unspool, chunked, whole};

use crate::stage::{builtin, launch, problem};

const LIMIT: usize = 1000;

async fn limited() -> Unspool {
    launch().flag("max-input-bytes", &LIMIT.to_string()).start().await
}

/// A request's body of exactly this many bytes.
fn body(bytes: usize) -> String {
    let frame = "{\"text\":\"\"}".len();
    format!("{{\"text\":\"{}\"}}", "a".repeat(bytes - frame))
}

async fn send(server: &Unspool, body: Body) -> rig::Answer {
    let request = server.client().request(Method::POST, "/api/generations");
    server.client().send(request.header("content-type", "application/json").body(body)).await
}

fn in_chunks(body: &str) -> Body {
    chunked(body.as_bytes().chunks(100).map(Bytes::copy_from_slice).collect())
}

#[tokio::test]
async fn what_is_larger_than_the_limit_is_refused_and_the_limit_is_told() {
    let server = limited().await;
    for bytes in [LIMIT + 1, 300_000] {
        for body in [whole(body(bytes)), in_chunks(&body(bytes))] {
            let problem = problem(&send(&server, body).await, 413, "too_large");
            assert!(problem["detail"].as_str().unwrap().contains("1000 bytes"), "{problem}");
        }
    }
}

#[tokio::test]
async fn what_just_fits_is_taken() {
    let server = limited().await;
    for body in [whole(body(LIMIT)), in_chunks(&body(LIMIT))] {
        assert_eq!(send(&server, body).await.status, StatusCode::CREATED);
    }
}

/// The page's own calls take as much as the setting says.
#[tokio::test]
async fn the_page_may_send_what_fits() {
    let server = builtin().await;
    let limit = 4 << 20;
    for (bytes, fits) in [(limit, true), (limit + 1, false)] {
        let request = server.client().request(Method::POST, "/fn/start");
        let request = request.header("content-type", "application/json");
        let frame = "{\"request\":}".len();
        let body = format!("{{\"request\":{}}}", body(bytes - frame));
        let answer = server.client().send(request.body(whole(body))).await;
        assert_eq!(answer.status == StatusCode::PAYLOAD_TOO_LARGE, !fits, "{}", answer.text());
        assert_eq!(answer.status.is_success(), fits, "{}", answer.text());
    }
}
