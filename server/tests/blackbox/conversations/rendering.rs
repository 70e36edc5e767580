use protocol::{
    conversation::Conversation,
    markdown::{Edit, Rendered},
};
use serde_json::{Value, json};
use test_support::sse::Message;

use super::{ask, ends, finish, fold, follow, stream_of, text};
use crate::stage::{played, problem};

const PIECES: [&str; 9] = [
    "# Ice\n\nIt wa",
    "s **ve",
    "ry** cold:\n\n- one\n",
    "- two\n\n```ru",
    "st\nfn main() {}\n",
    "```\n\n| a | b |\n|---|",
    "---|\n| 1 | <b> |\n\nSee [this](https://exa",
    "mple.com) and ![that](https://example.com/x.png).",
    " The end 新.",
];

/// What the operations of a reply add up to.
fn rendered(messages: &[Message]) -> Rendered {
    let mut rendered = Rendered::default();
    for edits in messages.iter().filter_map(|message| message.json().get("edits").cloned()) {
        for edit in serde_json::from_value::<Vec<Edit>>(edits).unwrap() {
            rendered.apply(&edit).unwrap();
        }
    }
    rendered
}

async fn snapshot(client: test_support::Client, id: &str) -> Value {
    client.get(&format!("/api/conversations/{id}?render=blocks")).await.json()
}

#[tokio::test]
async fn operations_add_up_to_the_rendered_reply_from_every_place() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let id = text(&turn, "conversation_id");
    let path = format!("{}?render=blocks", stream_of(id));
    let mut stream = follow(client, &path, None).await;
    let mut exchange = upstream.next().await;
    let mut seen = Vec::new();
    let mut snapshots = Vec::new();
    for piece in PIECES {
        exchange.text(piece).await;
        seen.extend(stream.until(|message| message.event == "ai_response_blocks").await);
        snapshots.push(snapshot(client, id).await);
    }
    finish(exchange).await;
    seen.extend(stream.until(ends).await);
    assert!(seen.iter().all(|message| message.event != "ai_response_chunk"));
    let kept = snapshot(client, id).await;
    let blocks = &kept["messages"][1]["blocks"];
    assert_eq!(json!(rendered(&seen)), *blocks);
    let tags: Vec<&String> = blocks
        .as_array()
        .unwrap()
        .iter()
        .map(|block| block.as_object().unwrap().keys().next().unwrap())
        .collect();
    assert_eq!(tags, ["h", "p", "list", "code", "table", "p"]);
    assert_eq!(kept["messages"][1]["content"], PIECES.concat());
    // From every frame: what was seen before and what comes then are one document.
    for (place, message) in seen.iter().enumerate().skip(1) {
        let mut rest = Vec::new();
        if place + 1 < seen.len() {
            rest = follow(client, &path, Some(&message.id)).await.until(ends).await;
        }
        let whole = [&seen[..=place], &rest[..]].concat();
        assert_eq!(json!(rendered(&whole)), *blocks, "behind {}", message.id);
    }
    // From every snapshot.
    for before in snapshots {
        let cursor = text(&before, "cursor").to_owned();
        let conversation: Conversation = serde_json::from_value(before).unwrap();
        let rest = follow(client, &path, Some(&cursor)).await.until(ends).await;
        let folded = fold(conversation, &rest);
        assert_eq!(json!(folded.message(text(&turn, "reply_id")).unwrap().blocks), *blocks);
    }
    // Nothing of it is HTML, and nothing is fetched from elsewhere.
    assert!(!blocks.to_string().contains("img") && blocks.to_string().contains("<b>"));
}

#[tokio::test]
async fn there_is_no_other_rendering() {
    let (server, _upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let id = text(&turn, "conversation_id");
    for path in [super::ALL.to_owned(), stream_of(id), format!("/api/conversations/{id}")] {
        let refused = client.get(&format!("{path}?render=html")).await;
        assert_eq!(problem(&refused, 422, "invalid_field")["field"], "render");
    }
    assert!(super::conversation(client, id).await["messages"][1].get("blocks").is_none());
}
