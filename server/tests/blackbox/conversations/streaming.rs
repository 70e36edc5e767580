use serde_json::json;

use super::{ALL, answer, ask, chunks, ends, finish, follow, stream_of, text};
use crate::stage::{launch, played, problem};

#[tokio::test]
async fn viewers_of_all_and_of_one_see_the_same_and_are_listed() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let (id, reply) = (text(&turn, "conversation_id"), text(&turn, "reply_id"));
    let mut viewers = Vec::new();
    for path in [ALL.to_owned(), stream_of(id), format!("/api/v1/conversations/{id}/stream")] {
        viewers.push(follow(client, &path, None).await);
    }
    let mut ids = Vec::new();
    for viewer in &mut viewers {
        ids.push(text(&viewer.next().await.unwrap().json(), "connection_id").to_owned());
    }
    let listed = client.get("/connections").await.json();
    let open: Vec<_> = listed["connections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|connection| text(connection, "id").to_owned())
        .collect();
    assert_eq!(open, ids);
    assert_eq!(listed["connections"][0]["last_event_id"], 2);
    let mut exchange = upstream.next().await;
    exchange.text("It was ").await;
    exchange.text("cold.").await;
    finish(exchange).await;
    for viewer in &mut viewers {
        let seen = viewer.until(ends).await;
        assert_eq!(chunks(&seen, reply), "It was cold.");
    }
}

#[tokio::test]
async fn a_stream_stays_open_between_turns_with_heartbeats() {
    let upstream = test_support::Upstream::start().await;
    let server =
        launch().asking(&upstream, crate::stage::KEY).flag("heartbeat-ms", "100").start().await;
    let client = server.client();
    let mut stream = follow(client, ALL, None).await;
    stream.next().await.unwrap();
    stream.heartbeat().await;
    ask(client, "Why?").await;
    assert_eq!(stream.next().await.unwrap().event, "user_message");
}

#[tokio::test]
async fn a_client_that_asks_for_few_frames_gets_all_text_in_few() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let (id, reply) = (text(&turn, "conversation_id"), text(&turn, "reply_id"));
    let mut witness = follow(client, &stream_of(id), None).await;
    let mut exchange = upstream.next().await;
    for number in 0..50 {
        exchange.text(&format!("{number} ")).await;
        witness.until(|message| message.event == "ai_response_chunk").await;
    }
    let mut stream = follow(client, &format!("{}?fps=1000", stream_of(id)), None).await;
    finish(exchange).await;
    let seen = stream.until(ends).await;
    let count = seen.iter().filter(|message| message.event == "ai_response_chunk").count();
    assert_eq!(count, 1, "{seen:?}");
    assert!(chunks(&seen, reply).ends_with("48 49 "));
    for query in ["fps=0", "fps=1001", "fps=x", "render=html"] {
        let refused = client.get(&format!("{ALL}?{query}")).await;
        let field = query.split_once('=').unwrap().0;
        assert_eq!(problem(&refused, 422, "invalid_field")["field"], field);
    }
}

#[tokio::test]
async fn who_comes_without_an_id_gets_running_replies_from_their_beginning_and_no_past() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let past = ask(client, "Past?").await;
    let mut stream = follow(client, text(&past, "events"), None).await;
    answer(&mut upstream, "Over.").await;
    stream.until(ends).await;
    super::entitle(&mut upstream, "Past").await;
    stream.until(|message| message.event == "title").await;
    let turn = ask(client, "Why?").await;
    let mut exchange = upstream.next().await;
    exchange.text("It").await;
    follow(client, text(&turn, "events"), None)
        .await
        .until(|message| message.event == "ai_response_chunk")
        .await;
    let mut fresh = follow(client, ALL, None).await;
    let seen = fresh.until(|message| message.event == "ai_response_chunk").await;
    assert_eq!(super::names(&seen), ["connected", "ai_response_start", "ai_response_chunk"]);
    assert_eq!(seen[1].json()["message_id"], turn["reply_id"]);
    drop(exchange);
}

#[tokio::test]
async fn a_viewer_that_reads_nothing_delays_nobody() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let _stalled = follow(client, ALL, None).await;
    let turn = ask(client, "Much?").await;
    let mut stream = follow(client, text(&turn, "events"), None).await;
    let mut exchange = upstream.next().await;
    let piece = "A long piece of text, again and again. ".repeat(400);
    for _ in 0..100 {
        exchange.text(&piece).await;
    }
    finish(exchange).await;
    let end = stream.until(ends).await.pop().unwrap();
    assert_eq!(text(&end.json(), "final_content").len(), (piece.len() * 100));
    let health = client.get("/health").await.json();
    assert_eq!(health, json!({"status": "ok", "message": "Server is running"}));
}
