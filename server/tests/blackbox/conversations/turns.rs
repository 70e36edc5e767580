use http::StatusCode;
use serde_json::json;

use super::{
    ALL, answer, ask, chunks, conversation, ends, entitle, finish, follow, names, send, stream_of,
    text,
};
use crate::stage::{played, problem};

#[tokio::test]
async fn a_turn_comes_in_order_and_is_kept() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let mut all = follow(client, ALL, None).await;
    let connected = all.next().await.unwrap();
    assert_eq!(connected.event, "connected");
    assert!(text(&connected.json(), "connection_id").starts_with("stream-"));

    let turn = ask(client, "Why did the harbour freeze?").await;
    let (id, reply) = (text(&turn, "conversation_id"), text(&turn, "reply_id"));
    let mut exchange = upstream.next().await;
    // What was asked is kept before it is answered.
    let stored = conversation(client, id).await;
    assert_eq!(stored["messages"][0]["content"], "Why did the harbour freeze?");
    assert_eq!(stored["messages"][1]["status"], "running");
    exchange.text("It was ").await;
    let mut seen = all.until(|message| message.event == "ai_response_chunk").await;
    exchange.text("cold.").await;
    finish(exchange).await;
    seen.extend(all.until(ends).await);
    assert_eq!(
        names(&seen),
        [
            "user_message",
            "ai_response_start",
            "ai_response_chunk",
            "ai_response_chunk",
            "ai_response_complete",
        ]
    );
    for message in &seen {
        assert_eq!(message.json()["conversation_id"], id, "{message:?}");
    }
    assert_eq!(seen[0].json()["message_id"], turn["message_id"]);
    assert_eq!(seen[1].json()["model"], "test-model");
    assert!(seen[1].json()["digital_human_id"].is_null());
    assert_eq!(chunks(&seen, reply), "It was cold.");
    assert_eq!(seen[4].json()["final_content"], "It was cold.");
    assert_eq!(seen[4].json()["coverage"]["messages_given"], 1);

    entitle(&mut upstream, "A cold harbour").await;
    let title = all.next().await.unwrap();
    assert_eq!((title.event.as_str(), &title.json()["title"]), ("title", &json!("A cold harbour")));
    let kept = conversation(client, id).await;
    assert_eq!(kept["title"], "A cold harbour");
    assert_eq!(kept["leaf_id"], reply);
    let message = &kept["messages"][1];
    assert_eq!(message["parent_id"], turn["message_id"]);
    assert_eq!(message["content"], "It was cold.");
    assert_eq!(message["status"], "completed");
    assert_eq!(message["model"], "test-model");
    assert_eq!(message["role"], "assistant");
}

#[tokio::test]
async fn what_was_said_goes_along_with_the_next_question() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let first = ask(client, "One?").await;
    let mut stream = follow(client, text(&first, "events"), None).await;
    answer(&mut upstream, "Two.").await;
    stream.until(ends).await;
    entitle(&mut upstream, "Counting").await;
    let id = text(&first, "conversation_id");
    let second = send(client, &json!({"content": "Three?", "conversation_id": id})).await;
    let asked = answer(&mut upstream, "Four.").await;
    let said: Vec<_> = asked["messages"].as_array().unwrap()[1..]
        .iter()
        .map(|message| (text(message, "role"), text(message, "content")))
        .collect();
    assert_eq!(said, [("user", "One?"), ("assistant", "Two."), ("user", "Three?")]);
    // Following `events` gives the whole turn, and nothing of those before it.
    let mut stream = follow(client, text(&second, "events"), None).await;
    let seen = stream.until(ends).await;
    assert_eq!(seen[1].event, "user_message");
    assert_eq!(seen[1].json()["message_id"], second["message_id"]);
    assert_eq!(seen.last().unwrap().json()["final_content"], "Four.");
}

#[tokio::test]
async fn a_stopped_reply_keeps_what_had_come() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let id = text(&turn, "conversation_id");
    let mut stream = follow(client, &stream_of(id), None).await;
    let mut exchange = upstream.next().await;
    exchange.text("It was").await;
    stream.until(|message| message.event == "ai_response_chunk").await;
    let stop = format!("/api/conversations/{id}/stop");
    for _ in 0..2 {
        assert_eq!(client.post(&stop, &json!({})).await.status, StatusCode::ACCEPTED);
    }
    exchange.closed().await;
    let stopped = stream.until(ends).await.pop().unwrap();
    assert_eq!(stopped.event, "ai_response_stopped");
    assert_eq!(stopped.json()["final_content"], "It was");
    let kept = conversation(client, id).await;
    assert_eq!(kept["messages"][1]["status"], "stopped");
    assert_eq!(kept["messages"][1]["content"], "It was");
    assert_eq!(client.post(&stop, &json!({})).await.status, StatusCode::ACCEPTED);
    problem(&client.post("/api/conversations/none/stop", &json!({})).await, 404, "not_found");
}

#[tokio::test]
async fn a_failed_reply_says_why_and_the_conversation_goes_on() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let id = text(&turn, "conversation_id");
    let mut stream = follow(client, &stream_of(id), None).await;
    upstream.next().await.refuse(401, &json!({"error": {"message": "no"}})).await;
    let failed = stream.until(ends).await.pop().unwrap();
    assert_eq!(failed.event, "conversation_error");
    let data = failed.json();
    assert_eq!((&data["code"], &data["retryable"]), (&json!("provider_rejected"), &json!(false)));
    assert!(text(&data, "error").contains("key"));
    let kept = conversation(client, id).await;
    assert_eq!(kept["messages"][1]["status"], "failed");
    assert_eq!(kept["messages"][1]["error"]["code"], "provider_rejected");
    send(client, &json!({"content": "Again?", "conversation_id": id})).await;
    answer(&mut upstream, "Yes.").await;
    stream.until(|message| message.event == "ai_response_complete").await;
}

#[tokio::test]
async fn the_same_key_sends_nothing_twice() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (path, key) = ("/api/conversations/send", [("idempotency-key", "k1")]);
    let body = json!({"content": "Why?"});
    let first = client.post_with(path, &body, &key).await.json();
    let again = client.post_with(path, &body, &key).await;
    assert_eq!((again.status, again.json()), (StatusCode::ACCEPTED, first.clone()));
    let other = client.post_with(path, &json!({"content": "How?"}), &key).await;
    problem(&other, 422, "key_reused");
    answer(&mut upstream, "So.").await;
    let kept = conversation(client, text(&first, "conversation_id")).await;
    assert_eq!(kept["messages"].as_array().unwrap().len(), 2);
    let server = server.kill().await.start().await;
    let again = server.client().post_with(path, &body, &key).await;
    assert_eq!(again.json(), first);
}
