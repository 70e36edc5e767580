use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use test_support::{Exit, Launch, Sink, Upstream};

use crate::stage::{KEY, TEXT, begin, builtin, last, launch};

const LOST: [Sink; 3] = [Sink::FullDisk, Sink::HungUp, Sink::Unread];

/// Everything that a server is for, while its log goes into `sink`.
async fn serves(sink: Sink) {
    let mut upstream = Upstream::start().await;
    // At this level everything that happens is logged.
    let launch = launch().asking(&upstream, KEY).flag("log", "trace").stderr(sink);
    let server = launch.start().await;
    let client = server.client();

    let (id, exchange) = begin(client, &mut upstream).await;
    exchange.answer("Ice", "It froze.").await;
    last(&client.follow(&id, 0).await.rest().await, "completed");
    assert_eq!(client.snapshot(&id).await["status"], "completed");
    assert_eq!(client.get(&format!("/g/{id}")).await.status, StatusCode::OK);

    let (id, exchange) = begin(client, &mut upstream).await;
    exchange.refuse(500, &json!({"error": {"message": "no"}})).await;
    last(&client.follow(&id, 0).await.rest().await, "failed");

    let (id, mut exchange) = begin(client, &mut upstream).await;
    let stop = client.post(&format!("/api/generations/{id}/stop"), &"".into()).await;
    assert_eq!(stop.status, StatusCode::ACCEPTED);
    exchange.closed().await;
    last(&client.follow(&id, 0).await.rest().await, "stopped");

    let (id, _exchange) = begin(client, &mut upstream).await;
    let mut stream = client.follow(&id, 0).await;
    server.terminate();
    last(&stream.rest().await, "failed");
    let exit = server.ended().await;
    assert_eq!(exit.status.code(), Some(0), "{exit:?}");
    assert!(exit.took < Duration::from_secs(10), "{:?}", exit.took);
}

#[tokio::test]
async fn a_log_on_a_full_disk_disturbs_nobody() {
    serves(Sink::FullDisk).await;
}

#[tokio::test]
async fn a_log_whose_reader_has_gone_disturbs_nobody() {
    serves(Sink::HungUp).await;
}

#[tokio::test]
async fn a_log_that_nobody_reads_disturbs_nobody() {
    serves(Sink::Unread).await;
}

#[tokio::test]
async fn whoever_reads_the_log_late_finds_what_was_logged() {
    let mut upstream = Upstream::start().await;
    let mut server = launch().asking(&upstream, KEY).stderr(Sink::Unread).start().await;
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    exchange.refuse(500, &json!({"error": {"message": "no"}})).await;
    last(&server.client().follow(&id, 0).await.rest().await, "failed");
    let mut log = server.read_unread();
    log.find(|said| said.contains("provider failed").then_some(())).await.unwrap();
}

async fn ends(launch: Launch, code: i32) -> Exit {
    let exit = launch.run().await;
    assert_eq!(exit.status.code(), Some(code), "{launch:?} {exit:?}");
    assert!(exit.took < Duration::from_secs(5), "{:?}", exit.took);
    exit
}

#[tokio::test]
async fn a_start_that_fails_ends_although_nobody_hears_why() {
    for sink in LOST {
        ends(launch().flag("log", "loud").stderr(sink), 2).await;
        ends(launch().switch("allow-anonymous").flag("addr", "192.0.2.1:1").stderr(sink), 1).await;
        ends(launch().switch("help").stdout(sink), 0).await;
    }
    let help = ends(launch().switch("help"), 0).await;
    assert!(help.stdout.contains("--max-running"), "{}", help.stdout);
}

/// What it says on standard output is for scripts; without it, it serves all the same.
#[tokio::test]
async fn a_server_serves_where_it_cannot_say_where_it_listens() {
    for (sink, addr) in
        LOST.into_iter().zip(["127.83.0.1:4801", "127.83.0.2:4801", "127.83.0.3:4801"])
    {
        let server = launch().flag("addr", addr).stdout(sink).start().await;
        let id = server.client().start(TEXT).await;
        last(&server.client().follow(&id, 0).await.rest().await, "completed");
        server.terminate();
        assert_eq!(server.ended().await.status.code(), Some(0), "{sink:?}");
    }
}

#[tokio::test]
async fn what_was_logged_at_the_end_is_there() {
    let server = builtin().await;
    server.terminate();
    let exit = server.ended().await;
    assert!(exit.stderr.contains("closing down"), "{}", exit.stderr);
}
