use serde_json::json;

use super::{answer, ask, conversation, ends, entitle, follow, text};
use crate::stage::{begin, launch};

/// Retention is about documents: a conversation stays until someone deletes it.
#[tokio::test]
async fn what_retention_removes_are_documents() {
    let upstream = &mut test_support::Upstream::start().await;
    let server =
        launch().asking(upstream, crate::stage::KEY).flag("retain-bytes", "1").start().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let mut stream = follow(client, text(&turn, "events"), None).await;
    answer(upstream, "So.").await;
    stream.until(ends).await;
    entitle(upstream, "Why").await;
    let (document, exchange) = begin(client, upstream).await;
    exchange.answer("Ice", "It froze.").await;
    client.follow(&document, 0).await.rest().await;
    // Each start prunes.
    let server = server.kill().await.start().await;
    let client = server.client();
    let path = format!("/api/generations/{document}");
    while client.get(&path).await.status != 404 {}
    let kept = conversation(client, text(&turn, "conversation_id")).await;
    assert_eq!(kept["messages"][1]["content"], json!("So."));
}
