use http::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::Client;

use super::{answer, ask, change, conversation, ends, entitle, follow, send, stream_of, text};
use crate::stage::{played, problem};

fn said(asked: &Value) -> Vec<String> {
    let messages = asked["messages"].as_array().unwrap();
    messages[1..].iter().map(|message| text(message, "content").to_owned()).collect()
}

async fn regenerate(client: Client, id: &str, message: &str) -> Value {
    let path = format!("/api/conversations/{id}/messages/{message}/regenerate");
    let answer = client.post(&path, &json!({})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_message_is_edited_and_a_reply_written_again_and_every_version_is_kept() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let first = ask(client, "One?").await;
    let id = text(&first, "conversation_id");
    let mut stream = follow(client, &stream_of(id), None).await;
    answer(&mut upstream, "Two.").await;
    stream.until(ends).await;
    entitle(&mut upstream, "Counting").await;

    let again = regenerate(client, id, text(&first, "reply_id")).await;
    assert_eq!(again["message_id"], first["message_id"]);
    assert_ne!(again["reply_id"], first["reply_id"]);
    assert_eq!(said(&answer(&mut upstream, "A pair.").await), ["One?"]);
    stream.until(ends).await;

    // The next message follows what was written last, or what it names.
    let next = json!({"content": "Three?", "conversation_id": id});
    send(client, &next).await;
    assert_eq!(said(&answer(&mut upstream, "Four.").await), ["One?", "A pair.", "Three?"]);
    stream.until(ends).await;
    let branch = json!({"content": "Why?", "conversation_id": id, "parent_id": first["reply_id"]});
    send(client, &branch).await;
    assert_eq!(said(&answer(&mut upstream, "So.").await), ["One?", "Two.", "Why?"]);
    stream.until(ends).await;

    // To edit the first message is to send its new text to the beginning.
    let edited = json!({"content": "Ten?", "conversation_id": id, "parent_id": id});
    let edited = send(client, &edited).await;
    assert_eq!(said(&answer(&mut upstream, "Eleven.").await), ["Ten?"]);
    stream.until(ends).await;

    let kept = conversation(client, id).await;
    assert_eq!(kept["messages"].as_array().unwrap().len(), 9);
    assert_eq!(kept["leaf_id"], edited["reply_id"]);
    let parent = |place: usize| kept["messages"][place]["parent_id"].clone();
    assert_eq!([parent(0), parent(7)], [Value::Null, Value::Null]);
    assert_eq!([parent(1), parent(2)], [first["message_id"].clone(), first["message_id"].clone()]);

    // Another branch is chosen, which everybody sees, and the next message follows it.
    let path = format!("/api/conversations/{id}");
    let leaf = json!({"leaf_id": again["reply_id"]});
    let changed = change(client, Method::PATCH, &path, &leaf).await;
    assert_eq!(changed.json()["leaf_id"], again["reply_id"]);
    let shown = stream.until(|message| message.event == "leaf").await.pop().unwrap();
    assert_eq!(shown.json()["leaf_id"], again["reply_id"]);
    send(client, &next).await;
    assert_eq!(said(&answer(&mut upstream, "Four.").await), ["One?", "A pair.", "Three?"]);

    // A user's message gets another reply, too.
    stream.until(ends).await;
    let reply = regenerate(client, id, text(&first, "message_id")).await;
    assert_eq!(reply["message_id"], first["message_id"]);
    assert_eq!(said(&answer(&mut upstream, "2").await), ["One?"]);
}

#[tokio::test]
async fn messages_of_other_conversations_are_none_of_this_one() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let first = ask(client, "One?").await;
    answer(&mut upstream, "Two.").await;
    entitle(&mut upstream, "Counting").await;
    let second = ask(client, "Else?").await;
    answer(&mut upstream, "Yes.").await;
    entitle(&mut upstream, "Else").await;
    let (id, foreign) = (text(&first, "conversation_id"), text(&second, "reply_id"));
    let branch = json!({"content": "Why?", "conversation_id": id, "parent_id": foreign});
    let refused = client.post("/api/conversations/send", &branch).await;
    assert_eq!(problem(&refused, 404, "not_found")["field"], "parent_id");
    let path = format!("/api/conversations/{id}/messages/{foreign}/regenerate");
    problem(&client.post(&path, &json!({})).await, 404, "not_found");
    let path = format!("/api/conversations/{id}");
    let refused = change(client, Method::PATCH, &path, &json!({"leaf_id": foreign})).await;
    assert_eq!(problem(&refused, 404, "not_found")["field"], "leaf_id");
}
