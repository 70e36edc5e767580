use std::time::Duration;

use futures::StreamExt;
use llm::{Delta, ErrorKind, Finish, Provider, ollama_base_url, ollama_model};
use tokio::net::TcpListener;

use crate::upstream::{DONE, Play, STOP, Upstream, events, send, status, text};
use crate::{patient, provider, read, request};

const SHORT: Duration = Duration::from_secs(1);
const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn dropping_the_answer_closes_the_connection_though_the_server_is_silent() {
    let plays = vec![send(events(&text("one"))), Play::Hang];
    let mut upstream = Upstream::playing(vec![plays]).await;
    let mut answer = provider(&upstream.base_url).answer(request());
    assert_eq!(answer.next().await.unwrap().unwrap(), Delta::Text("one".to_owned()));
    drop(answer);
    upstream.closed().await;
}

#[tokio::test]
async fn dropping_the_answer_before_its_headers_closes_the_connection() {
    let mut upstream = Upstream::playing(vec![vec![Play::Hang]]).await;
    let mut answer = provider(&upstream.base_url).answer(request());
    let waiting = tokio::time::timeout(SHORT, answer.next()).await;
    assert!(waiting.is_err() && upstream.asked().len() == 1);
    drop(answer);
    upstream.closed().await;
}

#[tokio::test]
async fn silence_ends_the_wait() {
    let mut upstream = Upstream::playing(vec![vec![Play::Hang]]).await;
    let answer = read(&patient(&upstream.base_url, SHORT)).await;
    assert_eq!(answer.error_kind(), Some(ErrorKind::Silent), "before the answer");
    upstream.closed().await;

    let plays = vec![send(events(&text("one"))), Play::Hang];
    let mut upstream = Upstream::playing(vec![plays]).await;
    let answer = read(&patient(&upstream.base_url, SHORT)).await;
    assert_eq!((answer.text.as_str(), answer.error_kind()), ("one", Some(ErrorKind::Silent)));
    upstream.closed().await;
}

#[tokio::test]
async fn comments_are_a_sign_of_life() {
    let mut plays = vec![send(events(&text("one ")))];
    for _ in 0..8 {
        plays.extend([Play::Wait(SHORT / 3), send(": still here\n\n")]);
    }
    plays.push(send(text("two") + STOP + DONE));
    let upstream = Upstream::playing(vec![plays]).await;
    let answer = read(&patient(&upstream.base_url, SHORT)).await;
    assert_eq!((answer.text.as_str(), answer.finish), ("one two", Some(Finish::Stop)));
}

#[tokio::test]
async fn a_reader_that_stops_reading_stops_the_connection() {
    let plays = vec![send(events("")), Play::Repeat(text("and on ").repeat(100).into(), 10_000)];
    let mut upstream = Upstream::playing(vec![plays]).await;
    let mut answer = patient(&upstream.base_url, SHORT).answer(request());
    assert!(answer.next().await.unwrap().is_ok());
    let most = 16 * MIB;
    let sent = upstream.stalled().await;
    assert!(sent < most, "{sent} bytes were taken and none read");
    for _ in 0..20_000 {
        assert!(answer.next().await.unwrap().is_ok(), "it goes on when the reader does");
    }
    let sent = upstream.stalled().await;
    assert!(sent < most, "{sent} bytes were taken and few read");
}

#[tokio::test]
async fn comments_without_end_do_not_stop_an_answer() {
    let comments = ": nothing to read here\n".repeat(100_000);
    let body = text("one ") + &comments + &text("two") + STOP;
    let upstream = Upstream::sending([events(&body)]).await;
    let answer = read(&provider(&upstream.base_url)).await;
    assert_eq!((answer.text.as_str(), answer.finish), ("one two", Some(Finish::Stop)));
}

#[tokio::test]
async fn an_answer_without_end_is_broken() {
    let plays = vec![send(events("data: ")), Play::Repeat(vec![b'x'; MIB], 96), Play::Hang];
    let mut upstream = Upstream::playing(vec![plays]).await;
    let answer = read(&patient(&upstream.base_url, 10 * SHORT)).await;
    assert_eq!(answer.error_kind(), Some(ErrorKind::Broken));
    upstream.closed().await;
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let error = read(&provider(&url)).await.error.unwrap();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.detail.contains("refused"), "{error}");
}

#[tokio::test]
async fn the_first_model_of_ollama_that_writes_is_found() {
    let list =
        r#"{"models":[{"name":"nomic-embed-text:latest"},{"name":"qwen3:4b"},{"name":"x"}]}"#;
    let upstream = Upstream::sending([status("200 OK", "application/json", list)]).await;
    let model = ollama_model(&upstream.base_url, Duration::from_secs(5)).await;
    assert_eq!(model.as_deref(), Some("qwen3:4b"));
    assert!(upstream.asked()[0].head.starts_with("get /api/tags "));

    let upstream = Upstream::playing(vec![vec![Play::Hang]]).await;
    assert_eq!(ollama_model(&upstream.base_url, SHORT).await, None);
}

#[test]
fn hosts_of_ollama_are_read_as_it_reads_them() {
    for (host, url) in [
        ("", "http://127.0.0.1:11434/v1"),
        ("0.0.0.0", "http://127.0.0.1:11434/v1"),
        (":8000", "http://127.0.0.1:8000/v1"),
        ("box:8000/", "http://box:8000/v1"),
        ("[::1]", "http://[::1]:11434/v1"),
        ("https://ollama.example.org", "https://ollama.example.org/v1"),
        ("http://box:11434/v1/", "http://box:11434/v1"),
        ("http://box:11434/proxied", "http://box:11434/proxied/v1"),
    ] {
        assert_eq!(ollama_base_url(host), url, "{host}");
    }
}
