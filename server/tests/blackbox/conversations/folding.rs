use http::{Method, StatusCode};
use protocol::conversation::Conversation;
use serde_json::{Value, json};
use test_support::sse::Message;

use super::{
    answer, ask, change, conversation, ends, entitle, event, finish, fold, follow, send, stream_of,
    text,
};
use crate::stage::played;

fn snapshot(value: &Value) -> Conversation {
    let mut conversation: Conversation = serde_json::from_value(value.clone()).unwrap();
    conversation.cursor.clear();
    conversation
}

#[tokio::test]
async fn the_events_add_up_to_the_snapshot() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "One?").await;
    let id = text(&turn, "conversation_id");
    let mut stream = follow(client, text(&turn, "events"), None).await;
    let mut seen = Vec::new();
    answer(&mut upstream, "Two.").await;
    seen.extend(stream.until(ends).await);
    entitle(&mut upstream, "Counting").await;
    seen.extend(stream.until(|message| message.event == "title").await);
    let again = format!("/api/conversations/{id}/messages/{}/regenerate", text(&turn, "reply_id"));
    client.post(&again, &json!({})).await;
    answer(&mut upstream, "Twice one.").await;
    seen.extend(stream.until(ends).await);
    let path = format!("/api/conversations/{id}");
    let patch = json!({"leaf_id": turn["reply_id"], "title": "Numbers"});
    assert_eq!(change(client, Method::PATCH, &path, &patch).await.status, StatusCode::OK);
    seen.extend(stream.until(|message| message.event == "title").await);
    send(client, &json!({"content": "Three?", "conversation_id": id})).await;
    let mut exchange = upstream.next().await;
    exchange.text("Fo").await;
    seen.extend(stream.until(|message| message.event == "ai_response_chunk").await);
    client.post(&format!("{path}/stop"), &json!({})).await;
    seen.extend(stream.until(ends).await);

    let begun = Conversation { id: id.to_owned(), ..Conversation::default() };
    assert_eq!(fold(begun, &seen), snapshot(&conversation(client, id).await));
}

/// Whatever the moment, a snapshot and the events behind its cursor add up to what comes later.
#[tokio::test]
async fn a_snapshot_goes_on_without_a_gap_at_every_moment() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let other = ask(client, "Elsewhere?").await;
    let mut elsewhere = upstream.next().await;
    elsewhere.text("There").await;
    let turn = ask(client, "One?").await;
    let id = text(&turn, "conversation_id");
    let mut witness = follow(client, &stream_of(id), None).await;
    let mut exchange = upstream.next().await;
    let mut snapshots = vec![conversation(client, id).await];
    for piece in ["Two", " is", " one", " more", "."] {
        exchange.text(piece).await;
        witness.until(|message| message.event == "ai_response_chunk").await;
        snapshots.push(conversation(client, id).await);
    }
    finish(exchange).await;
    witness.until(ends).await;
    snapshots.push(conversation(client, id).await);
    entitle(&mut upstream, "Counting").await;
    witness.until(|message| message.event == "title").await;
    let last = snapshot(&conversation(client, id).await);
    for before in snapshots {
        let cursor = text(&before, "cursor");
        for path in [stream_of(id), super::ALL.to_owned()] {
            let mut stream = follow(client, &path, Some(cursor)).await;
            let seen: Vec<Message> = stream.until(|message| message.event == "title").await;
            assert_eq!(fold(snapshot(&before), &seen), last, "from {cursor}");
        }
    }
    // The stream of all carries the other reply as well, from its beginning.
    let mut all = follow(client, super::ALL, Some(&last_cursor(client, id).await)).await;
    let seen = all.until(|message| message.event == "ai_response_chunk").await;
    assert!(seen[1..].iter().all(|message| {
        event(message).conversation_id() == Some(text(&other, "conversation_id"))
    }));
}

async fn last_cursor(client: test_support::Client, id: &str) -> String {
    text(&conversation(client, id).await, "cursor").to_owned()
}
