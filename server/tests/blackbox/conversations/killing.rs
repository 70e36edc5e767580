use serde_json::json;

use super::{ALL, chunks, conversation, ends, follow, names, persona, send, text};
use crate::stage::played;

#[tokio::test]
async fn a_killed_server_loses_nothing_that_was_seen_and_repeats_nothing() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let mut stream = follow(client, ALL, None).await;
    let turn = super::ask(client, "Why?").await;
    let (id, reply) = (text(&turn, "conversation_id"), text(&turn, "reply_id"));
    let mut exchange = upstream.next().await;
    let mut seen = Vec::new();
    for piece in ["It", " was", " cold"] {
        exchange.text(piece).await;
        seen.extend(stream.until(|message| message.event == "ai_response_chunk").await);
    }
    let server = server.kill().await.start().await;
    let client = server.client();
    for (place, message) in seen.iter().enumerate() {
        let mut stream = follow(client, ALL, Some(&message.id)).await;
        let mut rest = stream.until(ends).await;
        rest.remove(0);
        let whole = [&seen[..=place], &rest[..]].concat();
        assert_eq!(chunks(&whole, reply), "It was cold", "behind {}", message.id);
        let once = |name: &str| names(&whole).iter().filter(|found| **found == name).count() == 1;
        assert!(once("user_message") && once("ai_response_start"), "{whole:?}");
        let end = rest.last().unwrap();
        assert_eq!(end.event, "conversation_error");
        let data = end.json();
        assert_eq!((&data["code"], &data["retryable"]), (&json!("interrupted"), &json!(true)));
    }
    let kept = conversation(client, id).await;
    assert_eq!(kept["messages"][1]["content"], "It was cold");
    assert_eq!(kept["messages"][1]["status"], "failed");
    // It can be asked again.
    send(client, &json!({"content": "And?", "conversation_id": id})).await;
}

#[tokio::test]
async fn a_killed_training_changes_nothing() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let made = persona(client, "Ada", "Be brief.").await;
    let body = json!({"digital_human_id": made["id"], "message": "She likes ice."});
    let started =
        tokio::spawn(
            async move { client.post("/api/v1/digital-humans/train/stream", &body).await },
        );
    let mut exchange = upstream.next().await;
    let path = "/api/v1/digital-humans/train/stream";
    let mut stream = follow(client, path, None).await;
    exchange.text("She likes").await;
    let seen = stream.until(|message| message.event == "training_chunk").await;
    let server = server.kill().await.start().await;
    started.abort();
    let client = server.client();
    let after = &seen.last().unwrap().id;
    let rest = follow(client, path, Some(after)).await.rest().await;
    assert_eq!(names(&rest), ["training_error"]);
    assert!(text(&rest[0].json(), "error").contains("server ended"));
    let kept = client.get(&format!("/api/personas/{}", text(&made, "id"))).await.json();
    assert_eq!(kept, made);
    // Another one can begin.
    let body = json!({"digital_human_id": made["id"], "message": "She likes ice."});
    let begun = tokio::spawn(async move { client.post(path, &body).await });
    super::answer(&mut upstream, "She likes ice.").await;
    assert!(begun.await.unwrap().text().contains("event: training_complete"));
}
