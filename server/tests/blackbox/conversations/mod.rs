//! Conversations, personas and trainings over TCP.

mod branching;
mod chat;
mod closing;
mod folding;
mod killing;
mod listing;
mod personas;
mod refusing;
mod rendering;
mod resuming;
mod retaining;
mod sources;
mod streaming;
mod titles;
mod training;
mod turns;
mod v1;

use http::{Method, StatusCode};
use protocol::conversation::{Conversation, Event};
use serde_json::{Value, json};
use test_support::{Answer, Client, EventStream, Exchange, Upstream, sse::Message, whole};

pub(super) const ALL: &str = "/api/conversations/stream";

/// Sends a message, and gives what was accepted.
pub(super) async fn send(client: Client, body: &Value) -> Value {
    let answer = client.post("/api/conversations/send", body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    answer.json()
}

/// Begins a conversation, and gives what was accepted.
pub(super) async fn ask(client: Client, content: &str) -> Value {
    send(client, &json!({"content": content})).await
}

/// Sends a JSON body by another method than POST.
pub(super) async fn change(client: Client, method: Method, path: &str, body: &Value) -> Answer {
    let request = client.request(method, path).header("content-type", "application/json");
    client.send(request.body(whole(body.to_string()))).await
}

/// The member of that name, which is text.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    assert!(value[name].is_string(), "no {name} in {value}");
    value[name].as_str().unwrap()
}

/// A conversation's snapshot.
pub(super) async fn conversation(client: Client, id: &str) -> Value {
    let answer = client.get(&format!("/api/conversations/{id}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// Opens the stream at `path` behind that id, or without one.
pub(super) async fn follow(client: Client, path: &str, after: Option<&str>) -> EventStream {
    let after = after.map(|after| ("last-event-id", after));
    let stream = client.open(path, after.as_slice()).await;
    assert_eq!(stream.status(), StatusCode::OK);
    stream
}

pub(super) fn stream_of(id: &str) -> String {
    format!("/api/conversations/{id}/stream")
}

/// The names of the messages.
pub(super) fn names(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.event.as_str()).collect()
}

/// Whether nothing more comes of a reply after this.
pub(super) fn ends(message: &Message) -> bool {
    matches!(
        message.event.as_str(),
        "ai_response_complete" | "ai_response_stopped" | "conversation_error"
    )
}

pub(super) fn event(message: &Message) -> Event {
    Event::decode(&message.event, &message.data).unwrap()
}

/// What the events add up to for that conversation.
pub(super) fn fold(mut conversation: Conversation, messages: &[Message]) -> Conversation {
    messages.iter().for_each(|message| conversation.apply(&event(message)));
    conversation
}

/// All text that has come of that reply.
pub(super) fn chunks(messages: &[Message], reply: &str) -> String {
    let of_reply = |message: &&Message| {
        message.event == "ai_response_chunk" && message.json()["message_id"] == reply
    };
    let chunks = messages.iter().filter(of_reply);
    chunks.map(|message| text(&message.json(), "content").to_owned()).collect()
}

/// Answers the next request with this text.
pub(super) async fn answer(upstream: &mut Upstream, answer: &str) -> Value {
    let mut exchange = upstream.next().await;
    let body = exchange.body.clone();
    exchange.text(answer).await;
    finish(exchange).await;
    body
}

pub(super) async fn finish(mut exchange: Exchange) {
    exchange.finish("stop").await;
    exchange.done().await;
}

/// Answers the request for a title, which follows a conversation's first reply.
pub(super) async fn entitle(upstream: &mut Upstream, title: &str) {
    answer(upstream, &json!({"title": title}).to_string()).await;
}

/// A persona that was made.
pub(super) async fn persona(client: Client, name: &str, instruction: &str) -> Value {
    let body = json!({"name": name, "instruction": instruction});
    let answer = client.post("/api/personas", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

/// All texts that have come of any reply, piece by piece.
pub(super) fn chunks_of_all(messages: &[Message]) -> String {
    let chunks = messages.iter().filter(|message| message.event == "ai_response_chunk");
    chunks.map(|message| text(&message.json(), "content").to_owned()).collect()
}
