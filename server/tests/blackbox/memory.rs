//! What clients cost that ask for something long and read none of it.

use futures::future::join_all;
use http::StatusCode;
use serde_json::json;
use test_support::{Answer, Client, Unspool, Upstream, whole, within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Duration, sleep},
};

use crate::stage::{KEY, launch, problem};

const MIB: usize = 1024 * 1024;

/// What all long responses may take together.
const BUDGET: usize = 64 * MIB;

/// The program, and a generation that has read and written this much.
async fn long(text_bytes: usize, summary_bytes: usize) -> (Unspool, String) {
    let mut upstream = Upstream::start().await;
    // Nobody is let go while the test runs.
    let launch = launch().asking(&upstream, KEY).flag("stall-ms", "600000");
    let server = launch.start().await;
    let id = server.client().start(&"long ".repeat(text_bytes / 5)).await;
    let mut exchange = upstream.next().await;
    exchange.text("{\"title\": \"Ice\", \"summary\": \"").await;
    let summary = "0123456789".repeat(summary_bytes / 10);
    for piece in summary.as_bytes().chunks(MIB) {
        exchange.text(&String::from_utf8_lossy(piece)).await;
    }
    exchange.text("\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    assert_eq!(
        server.client().follow(&id, 0).await.rest().await.last().unwrap().event,
        "completed"
    );
    (server, id)
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
}

/// A call of the page's own.
fn call(name: &str, id: &str) -> String {
    let body = json!({"id": id}).to_string();
    let length = body.len();
    format!(
        "POST /fn/{name} HTTP/1.1\r\nhost: 127.0.0.1\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// A client that reads the status and no more.
async fn asleep(server: &Unspool, request: &str) -> (TcpStream, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(32 * 1024).unwrap();
    let mut stream = socket.connect(server.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    within("an answer", stream.read_exact(&mut status)).await.unwrap();
    (stream, String::from_utf8_lossy(&status).into_owned())
}

/// Lets many ask and read nothing. Gives how many have a response, and what all of them cost.
async fn crowd(server: &Unspool, clients: usize, request: &str) -> (Vec<TcpStream>, usize) {
    drop(asleep(server, request).await);
    let before = server.resident_bytes();
    let mut answers = Vec::new();
    while answers.len() < clients {
        // A few at once: a server that is built to be tested takes its time for each.
        answers.extend(join_all([request; 10].map(|request| asleep(server, request))).await);
    }
    let cost = server.resident_bytes().saturating_sub(before);
    let (granted, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|(_, status)| status == "HTTP/1.1 200");
    assert!(refused.iter().all(|(_, status)| status == "HTTP/1.1 503"), "{refused:?}");
    (granted.into_iter().map(|(stream, _)| stream).collect(), cost)
}

async fn post(client: Client, name: &str, id: &str) -> Answer {
    let request = client.request(http::Method::POST, &format!("/fn/{name}"));
    let request = request.header("content-type", "application/json");
    client.send(request.body(whole(json!({"id": id}).to_string()))).await
}

#[tokio::test]
async fn clients_that_read_no_text_share_a_budget() {
    let (server, id) = long(4 * MIB - 1024, 100).await;
    let (granted, cost) = crowd(&server, 60, &call("input", &id)).await;
    assert!((8..=BUDGET / (4 * MIB) + 1).contains(&granted.len()), "{}", granted.len());
    assert!(cost < BUDGET * 5 / 2, "{cost} bytes");

    // Whoever asks for little is answered, and whoever asks for much is told to come back.
    let client = server.client();
    assert_eq!(client.snapshot(&id).await["status"], "completed");
    assert_eq!(client.get(&format!("/g/{id}")).await.status, StatusCode::OK);
    let refused = post(client, "input", &id).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.json()["code"], "overloaded", "{}", refused.text());
    assert!(!refused.header("retry-after").is_empty());

    drop(granted);
    within("room for a text", async {
        while post(client, "input", &id).await.status != StatusCode::OK {
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn clients_that_read_no_snapshot_share_a_budget() {
    let (server, id) = long(1000, 5 * MIB).await;
    for request in [get(&format!("/api/generations/{id}")), call("view", &id), call("look", &id)] {
        let (granted, cost) = crowd(&server, 50, &request).await;
        assert!((6..=BUDGET / (5 * MIB)).contains(&granted.len()), "{}", granted.len());
        assert!(cost < BUDGET * 5 / 2, "{cost} bytes");
        drop(granted);
        within("room for a snapshot", async {
            while asleep(&server, &request).await.1 != "HTTP/1.1 200" {}
        })
        .await;
    }
}

/// It is longer than all of the budget, and longer than what any connection holds.
#[tokio::test]
async fn what_is_long_arrives_whole() {
    let (server, id) = long(4 * MIB - 1024, 40 * MIB).await;
    let client = server.client();
    let text: String = serde_json::from_slice(&post(client, "input", &id).await.body).unwrap();
    assert!(text == "long ".repeat((4 * MIB - 1024) / 5));
    let snapshot = client.snapshot(&id).await;
    assert!(snapshot["document"]["summary"] == "0123456789".repeat(4 * MIB));
    let head = client.request(http::Method::HEAD, &format!("/api/generations/{id}"));
    let head = client.send(head.body(whole(""))).await;
    assert!(head.header("content-length").parse::<usize>().unwrap() > 40 * MIB);
}

/// The page gets the rest by itself; who has no JavaScript is shown where it is.
#[tokio::test]
async fn a_page_holds_only_so_much() {
    let (server, id) = long(MIB, 100).await;
    let page = server.client().get(&format!("/g/{id}")).await;
    assert!(
        page.text().contains("0123456789") && page.body.len() < 32 * 1024,
        "{}",
        page.body.len()
    );

    let (server, id) = long(1000, MIB).await;
    let page = server.client().get(&format!("/g/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.len() < 32 * 1024, "{}", page.body.len());
    assert!(page.text().contains(&format!("href=\"/api/generations/{id}\"")), "{}", page.text());
}

#[tokio::test]
async fn a_page_holds_what_is_short() {
    let (server, id) = long(50_000, 50_000).await;
    let page = server.client().get(&format!("/g/{id}")).await.text();
    assert!(page.contains("long long") && page.contains("0123456789"));
}

/// Whatever a request holds.
#[tokio::test]
async fn a_refusal_repeats_only_so_much() {
    let server = launch().start().await;
    let name = "x".repeat(MIB);
    let answer = server.client().post("/api/generations", &serde_json::json!({ name: 1 })).await;
    problem(&answer, 422, "invalid_field");
    assert!(answer.body.len() < 8 * 1024, "{}", answer.body.len());
    let answer = server.client().get(&format!("/api/{}", "x".repeat(30_000))).await;
    problem(&answer, 404, "not_found");
    assert!(answer.body.len() < 8 * 1024, "{}", answer.body.len());
}
