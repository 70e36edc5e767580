use bytes::Bytes;
use http::{Method, StatusCode};
use test_support::{Body, Unspool, chunked, whole, within};
use tokio::{io::AsyncWriteExt, net::TcpStream};

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

async fn send(server: &Unspool, body: Body) -> test_support::Answer {
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

/// Each of them is small enough, and slow enough to stay.
#[tokio::test]
async fn there_is_only_so_much_room_for_bodies_and_it_comes_back() {
    let server = limited().await;
    let mut held = Vec::new();
    for _ in 0..64 {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let head = format!(
            "POST /api/generations HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {LIMIT}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body(LIMIT).as_bytes()[..LIMIT - 1]).await.unwrap();
        held.push(stream);
    }
    let refused = async {
        loop {
            let answer = send(&server, whole(body(500))).await;
            if answer.status != StatusCode::CREATED {
                return answer;
            }
        }
    };
    let answer = within("that all the others are read", refused).await;
    let problem = problem(&answer, 503, "overloaded");
    assert!(problem["detail"].as_str().unwrap().contains("is being sent"), "{problem}");
    assert!(!answer.header("retry-after").is_empty());
    drop(held);
    let taken =
        async { while send(&server, whole(body(500))).await.status != StatusCode::CREATED {} };
    within("room for a body", taken).await;
}
