use std::time::Duration;

use http::Method;
use serde_json::json;
use test_support::{Client, Upstream, whole, within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::stage::{KEY, TEXT, begin, builtin, fold, last, launch, played};

/// Whether the server still starts generations for those who have no connection yet.
async fn starts(client: Client) -> bool {
    let request = client.request(Method::POST, "/api/generations");
    let request = request.header("content-type", "application/json");
    let body = whole(json!({"text": TEXT}).to_string());
    let answer = client.try_send(request.body(body).unwrap()).await;
    answer.is_ok_and(|answer| answer.status.is_success())
}

#[tokio::test]
async fn what_runs_when_the_server_closes_down_is_ended_as_interrupted() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (id, mut exchange) = begin(client, &mut upstream).await;
    let mut stream = client.follow(&id, 0).await;
    exchange.text("{\"title\": \"Ice").await;
    let mut messages = stream.until(|message| message.event == "field_delta").await;

    let mut log = server.stderr();
    server.terminate();
    log.find(|said| said.contains("closing down").then_some(())).await.unwrap();
    assert!(!starts(client).await, "a new generation was started");
    messages.extend(stream.rest().await);
    exchange.closed().await;
    let failed = last(&messages, "failed");
    assert_eq!((&failed["code"], &failed["retryable"]), (&"interrupted".into(), &true.into()));
    assert_eq!(fold(&messages).text("title"), Some("Ice"));

    let launch = server.launch().clone();
    let exit = server.ended().await;
    assert_eq!(exit.status.code(), Some(0), "{}", exit.stderr);
    assert!(exit.took < Duration::from_secs(10));
    let server = launch.start().await;
    let again = server.client().follow(&id, 0).await.rest().await;
    crate::stage::assert_rest(&again, 0, &messages);
}

/// It is asked over a connection that was open before.
#[tokio::test]
async fn who_comes_while_the_server_closes_down_is_told_so() {
    let (server, mut upstream) = played().await;
    let (_, exchange) = begin(server.client(), &mut upstream).await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let head = "POST /api/generations HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
                content-length: 13\r\n\r\n{\"text\": ";
    stream.write_all(head.as_bytes()).await.unwrap();
    // It has been read when what was asked for later is answered.
    server.client().get("/health").await;
    let mut log = server.stderr();
    server.terminate();
    log.find(|said| said.contains("closing down").then_some(())).await.unwrap();
    stream.write_all(b"\"a\"").await.unwrap();
    stream.write_all(b"}").await.unwrap();
    let mut answer = String::new();
    within("an answer", stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("retry-after: 2\r\n") && answer.contains("shutting_down"), "{answer}");
    exchange.answer("Ice", "It froze.").await;
    assert_eq!(server.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn what_ends_soon_is_let_end() {
    let (server, mut upstream) = played().await;
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    let mut stream = server.client().follow(&id, 0).await;
    let mut log = server.stderr();
    server.terminate();
    log.find(|said| said.contains("closing down").then_some(())).await.unwrap();
    exchange.answer("Ice", "It froze.").await;
    last(&stream.rest().await, "completed");
    assert_eq!(server.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn a_server_can_be_told_to_end_as_soon_as_it_listens() {
    for _ in 0..10 {
        let server = builtin().await;
        server.terminate();
        let exit = server.ended().await;
        assert_eq!(exit.status.code(), Some(0), "{exit:?}");
    }
}

#[tokio::test]
async fn a_server_with_nothing_to_do_leaves_at_once() {
    let server = builtin().await;
    server.client().get("/health").await;
    server.terminate();
    let exit = server.ended().await;
    assert_eq!(exit.status.code(), Some(0), "{}", exit.stderr);
    assert!(exit.took < Duration::from_secs(3), "{:?}", exit.took);
}

#[tokio::test]
async fn a_terminal_that_goes_away_closes_the_server_down() {
    let (server, mut upstream) = played().await;
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    let mut stream = server.client().follow(&id, 0).await;
    let mut log = server.stderr();
    server.hang_up();
    log.find(|said| said.contains("closing down").then_some(())).await.unwrap();
    exchange.answer("Ice", "It froze.").await;
    last(&stream.rest().await, "completed");
    assert_eq!(server.ended().await.status.code(), Some(0));
}

/// As `nohup` has it.
#[tokio::test]
async fn a_server_that_is_to_outlive_its_terminal_does() {
    let mut upstream = Upstream::start().await;
    let server = launch().asking(&upstream, KEY).ignoring_hangups().start().await;
    server.hang_up();
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    exchange.answer("Ice", "It froze.").await;
    last(&server.client().follow(&id, 0).await.rest().await, "completed");
    let log = server.stderr();
    assert!(!log.so_far().contains("closing down"), "{}", log.so_far());
    server.terminate();
    assert_eq!(server.ended().await.status.code(), Some(0));
}
