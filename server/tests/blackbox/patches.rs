use http::StatusCode;
use json_patch::Patch;
use serde_json::{Value, json};
use test_support::sse::Message;

use crate::stage::{CHINESE, TEXT, begin, builtin, last, played};

fn apply(document: &mut Value, messages: &[Message]) {
    for message in messages.iter().filter(|message| message.event == "message") {
        let patch: Patch = serde_json::from_str(&message.data).unwrap();
        json_patch::patch(document, &patch).unwrap();
    }
}

#[tokio::test]
async fn the_patches_are_those_of_langchain() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let mut stream = server.client().open(&format!("/api/generations/{id}/patches"), &[]).await;
    let mut messages = vec![stream.next().await.unwrap()];
    for piece in ["{\"title\": \"", "科技", "发展\", ", "\"summary\": \"", "随着\"}"] {
        exchange.text(piece).await;
        messages.push(stream.next().await.unwrap());
    }
    exchange.finish("stop").await;
    exchange.done().await;
    let rest = stream.rest().await;
    let told: Vec<_> = messages.iter().map(Message::json).collect();
    let expected = [
        json!([{"op": "replace", "path": "", "value": {}}]),
        json!([{"op": "add", "path": "/title", "value": ""}]),
        json!([{"op": "replace", "path": "/title", "value": "科技"}]),
        json!([{"op": "replace", "path": "/title", "value": "科技发展"}]),
        json!([{"op": "add", "path": "/summary", "value": ""}]),
        json!([{"op": "replace", "path": "/summary", "value": "随着"}]),
    ];
    assert_eq!(told, expected);
    assert!(messages.iter().all(|message| message.event == "message"));
    last(&rest, "completed");
}

#[tokio::test]
async fn applied_in_turn_they_give_the_document() {
    let server = builtin().await;
    for text in [TEXT, CHINESE] {
        let id = server.client().start(text).await;
        let path = format!("/api/generations/{id}/patches");
        let messages = server.client().open(&path, &[]).await.rest().await;
        let mut document = Value::Null;
        apply(&mut document, &messages);
        assert_eq!(document, server.client().snapshot(&id).await["document"]);
    }
}

#[tokio::test]
async fn they_go_on_from_any_that_was_seen() {
    let server = builtin().await;
    let id = server.client().start(TEXT).await;
    let path = format!("/api/generations/{id}/patches");
    let whole = server.client().open(&path, &[]).await.rest().await;
    for seen in (1..whole.len()).step_by(3) {
        let after = whole[seen - 1].id.as_str();
        let rest = server.client().open(&path, &[("last-event-id", after)]).await.rest().await;
        let mut document = Value::Null;
        apply(&mut document, &whole[..seen]);
        apply(&mut document, &rest);
        assert_eq!(document, server.client().snapshot(&id).await["document"], "after {after}");
        assert!(rest.iter().all(|message| message.number() > after.parse().unwrap()));
    }
    let end = whole.last().unwrap().id.as_str();
    let over = server.client().open(&path, &[("last-event-id", end)]).await;
    assert_eq!(over.status(), StatusCode::NO_CONTENT);
}

/// Each holds all of the text: with one for each piece, a long text would be sent a hundred times.
#[tokio::test]
async fn a_long_text_is_told_in_few() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    exchange.text("{\"title\": \"Long\", \"summary\": \"").await;
    let mut log = server.client().follow(&id, 0).await;
    for _ in 0..100 {
        exchange.text(&"word ".repeat(600)).await;
        log.until(|message| message.event == "field_delta").await;
    }
    exchange.text("\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    log.rest().await;
    let path = format!("/api/generations/{id}/patches");
    let messages = server.client().open(&path, &[]).await.rest().await;
    let bytes: usize = messages.iter().map(|message| message.data.len()).sum();
    assert!(bytes < 3_000_000, "{bytes} bytes for a text of 300,000");
    let mut document = Value::Null;
    apply(&mut document, &messages);
    assert_eq!(document, server.client().snapshot(&id).await["document"]);
}
