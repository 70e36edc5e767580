use std::net::SocketAddr;

use test_support::{Unspool, within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Duration, Instant, sleep},
};

use crate::stage::launch;

const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

async fn connect(from: &str, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(to).await.unwrap()
}

/// Whatever is answered to this request by the end of the connection.
async fn ask(from: &str, to: SocketAddr) -> String {
    let mut stream = connect(from, to).await;
    let _ = stream.write_all(HEALTH).await;
    let mut answer = Vec::new();
    let _ = within("an answer", stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

async fn until_welcome(from: &str, server: &Unspool) {
    within("a place", async {
        while !ask(from, server.address()).await.starts_with("HTTP/1.1 200 ") {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn one_address_may_not_take_every_place() {
    let server = launch().flag("max-connections-per-address", "3").start().await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = server.client().open("/clock", &[]).await;
        stream.next().await.unwrap();
        streams.push(stream);
    }
    let refused = ask("127.0.0.1", server.address()).await;
    let (head, body) = refused.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(head.to_lowercase().contains("\r\nretry-after: "), "{refused}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!((&body["status"], &body["code"]), (&503.into(), &"overloaded".into()));

    let elsewhere = ask("127.0.0.2", server.address()).await;
    assert!(elsewhere.starts_with("HTTP/1.1 200 "), "{elsewhere}");
    for stream in &mut streams {
        stream.next().await.unwrap();
    }
    streams.pop();
    until_welcome("127.0.0.1", &server).await;
}

#[tokio::test]
async fn all_addresses_together_may_not_take_more_than_there_is() {
    let server = launch().flag("max-connections", "2").start().await;
    let held = [
        connect("127.0.0.2", server.address()).await,
        connect("127.0.0.3", server.address()).await,
    ];
    let refused = within("a refusal", async {
        loop {
            let answer = ask("127.0.0.4", server.address()).await;
            if answer.starts_with("HTTP/1.1 503 ") {
                return answer;
            }
        }
    });
    assert!(refused.await.contains("overloaded"));
    drop(held);
    until_welcome("127.0.0.4", &server).await;
}

/// Sends a byte of a request now and then, and gives how long the server put up with it.
async fn dribble(server: &Unspool, request: &[u8]) -> Duration {
    let began = Instant::now();
    let mut stream = connect("127.0.0.1", server.address()).await;
    let dribbling = async {
        let mut answer = [0; 256];
        for byte in request.iter().cycle() {
            let is_open = stream.write_all(&[*byte]).await.is_ok();
            tokio::select! {
                read = stream.read(&mut answer) => if !matches!(read, Ok(1..)) { return },
                () = sleep(Duration::from_millis(50)) => if !is_open { return },
            }
        }
    };
    within("the end of patience", dribbling).await;
    began.elapsed()
}

#[tokio::test]
async fn a_request_that_comes_byte_by_byte_is_dropped_in_time() {
    let server = launch().flag("head-deadline-ms", "500").start().await;
    let mut watched = server.client().open("/clock", &[]).await;
    let header =
        b"GET /health HTTP/1.1\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let patience = dribble(&server, header).await;
    assert!(patience >= Duration::from_millis(400), "{patience:?}");
    assert!(patience < Duration::from_secs(5), "{patience:?}");
    watched.next().await.unwrap();
}

#[tokio::test]
async fn a_connection_that_asks_for_nothing_is_dropped_in_time() {
    let server = launch().flag("head-deadline-ms", "300").start().await;
    let mut stream = connect("127.0.0.1", server.address()).await;
    let mut answer = Vec::new();
    let _ = within("the end of patience", stream.read_to_end(&mut answer)).await;
}

#[tokio::test]
async fn a_body_that_comes_byte_by_byte_is_refused_in_time() {
    let server = launch().flag("body-deadline-ms", "500").start().await;
    for path in ["/api/generations", "/fn/start", "/gpt/summary"] {
        let mut stream = connect("127.0.0.1", server.address()).await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: 100000\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        within("a refusal", async {
            loop {
                tokio::select! {
                    read = stream.read_exact(&mut answer) => return read,
                    () = sleep(Duration::from_millis(50)) => {}
                }
                let _ = stream.write_all(b" ").await;
            }
        })
        .await
        .unwrap();
        assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 408", "{path}");
    }
}

/// What the system allows in open files, and what the settings allow in connections.
#[tokio::test]
async fn there_are_files_for_those_who_come_when_one_address_has_all_it_may() {
    let server = launch().open_files(256).start().await;
    let mut held = Vec::new();
    for _ in 0..200 {
        held.push(connect("127.0.0.1", server.address()).await);
    }
    let refused = ask("127.0.0.1", server.address()).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    let elsewhere = ask("127.0.0.2", server.address()).await;
    assert!(elsewhere.starts_with("HTTP/1.1 200 "), "{elsewhere}");
    drop(held);
    until_welcome("127.0.0.1", &server).await;
    server.client().start("A text to be read.").await;
}
