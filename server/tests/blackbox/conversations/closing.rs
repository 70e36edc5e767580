use serde_json::json;

use super::{ALL, ask, ends, finish, follow, names, text};
use crate::stage::{played, problem};

#[tokio::test]
async fn a_server_that_closes_down_ends_replies_and_streams_and_begins_nothing() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let other = ask(client, "How?").await;
    let (mut first, mut second) = (upstream.next().await, upstream.next().await);
    let mut stream = follow(client, ALL, None).await;
    let mut idle = follow(client, &super::stream_of(text(&other, "conversation_id")), None).await;
    first.text("It").await;
    second.text("So").await;
    stream.until(|message| message.event == "ai_response_chunk").await;
    let keep = client.open("/health", &[]).await;
    drop(keep);
    server.terminate();
    // What ends in time ends well, and viewers see it.
    finish(first).await;
    let end = stream.until(ends).await.pop().unwrap();
    assert_eq!(
        (end.event.as_str(), &end.json()["message_id"]),
        ("ai_response_complete", &turn["reply_id"])
    );
    // What does not is interrupted, and then the streams end.
    let rest = stream.rest().await;
    assert_eq!(names(&rest).last(), Some(&"conversation_error"));
    assert_eq!(rest.last().unwrap().json()["code"], "interrupted");
    assert_eq!(names(&idle.rest().await).last(), Some(&"conversation_error"));
    let exit = server.ended().await;
    assert!(exit.status.success(), "{exit:?}");
}

#[tokio::test]
async fn replies_wait_in_the_same_line_as_generations() {
    let upstream = &mut test_support::Upstream::start().await;
    let server = crate::stage::launch()
        .asking(upstream, crate::stage::KEY)
        .flag("max-running", "1")
        .flag("max-waiting", "0")
        .start()
        .await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let refused = client.post("/api/conversations/send", &json!({"content": "How?"})).await;
    problem(&refused, 503, "overloaded");
    let refused = client.post("/api/generations", &json!({"text": "x"})).await;
    problem(&refused, 503, "overloaded");
    let mut stream = follow(client, text(&turn, "events"), None).await;
    super::answer(upstream, "So.").await;
    stream.until(ends).await;
}
