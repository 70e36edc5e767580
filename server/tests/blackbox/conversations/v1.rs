use serde_json::json;
use test_support::sse::Message;

use super::{ask, ends, finish, follow, text};
use crate::stage::played;

fn accumulated(messages: &[Message]) -> Vec<String> {
    let chunks = messages.iter().filter(|message| message.event == "ai_response_chunk");
    chunks.map(|message| text(&message.json(), "accumulated_content").to_owned()).collect()
}

#[tokio::test]
async fn every_chunk_bears_the_text_so_far_also_after_coming_back() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let path = format!("/api/v1/conversations/{}/stream", text(&turn, "conversation_id"));
    let mut stream = follow(client, &path, None).await;
    let mut exchange = upstream.next().await;
    let mut seen = Vec::new();
    for piece in ["It", " was", " cold"] {
        exchange.text(piece).await;
        seen.extend(stream.until(|message| message.event == "ai_response_chunk").await);
    }
    assert_eq!(accumulated(&seen), ["It", "It was", "It was cold"]);
    let mut again = follow(client, &path, Some(&seen[3].id)).await;
    assert_eq!(seen[3].json()["content"], " was");
    exchange.text(".").await;
    finish(exchange).await;
    let rest = again.until(ends).await;
    let texts = accumulated(&rest);
    assert!(texts.iter().all(|text| text.starts_with("It was cold")), "{texts:?}");
    assert_eq!(texts.last().unwrap(), "It was cold.");
    assert_eq!(super::chunks(&rest, text(&turn, "reply_id")), " cold.");
    assert_eq!(rest.last().unwrap().json()["final_content"], "It was cold.");
    // From the beginning, after the end.
    let from = format!("{path}?after={}", text(&turn, "events").split_once('=').unwrap().1);
    let mut whole = follow(client, &from, None).await;
    let seen = whole.until(ends).await;
    assert_eq!(accumulated(&seen).last().unwrap(), "It was cold.");
}

#[tokio::test]
async fn it_can_be_left_out() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let id = text(&turn, "conversation_id");
    let path = format!("/api/v1/conversations/{id}/stream?accumulated=false");
    let mut stream = follow(client, &path, None).await;
    let mut exchange = upstream.next().await;
    exchange.text("It").await;
    let chunk = stream.until(|message| message.event == "ai_response_chunk").await.pop().unwrap();
    assert_eq!(chunk.json().get("accumulated_content"), None);
    assert_eq!(chunk.json()["content"], json!("It"));
    let wrong = format!("/api/v1/conversations/{id}/stream?accumulated=perhaps");
    crate::stage::problem(&client.get(&wrong).await, 422, "invalid_field");
}
