//! `?render=blocks`: replies as operations on formatted text.

use protocol::{conversation::Event, markdown::Rendered};
use test_support::sse::Message;

use super::{ALL, ask, ends, event, finish, follow, stream_of, text};
use crate::stage::played;

const PIECES: [&str; 6] = [
    "# The ice\n\nIt was **one met",
    "er** thick, [said](https://lake.example/) the keeper.\n\n- No",
    "vember\n- January\n\n```rust\nfn ma",
    "in() {}\n```\n\n| a | b |\n|---|---|\n| 1 | 2",
    " |\n\n<script>alert(1)</script> and *half",
    " a word",
];

/// What the operations for a reply add up to, beginning with `rendered`.
fn fold(mut rendered: Rendered, messages: &[Message], reply: &str) -> Rendered {
    for message in messages {
        match event(message) {
            Event::Started(started) if started.message_id == reply => {
                rendered = Rendered::default();
            }
            Event::Blocks(blocks) if blocks.message_id == reply => {
                for edit in &blocks.edits {
                    rendered.apply(edit).unwrap();
                }
            }
            Event::Chunk(_) => panic!("a chunk beside operations"),
            _ => {}
        }
    }
    rendered
}

#[tokio::test]
async fn operations_add_up_to_what_the_whole_text_gives() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let (id, reply) = (text(&turn, "conversation_id"), text(&turn, "reply_id"));
    let path = format!("{}?render=blocks", stream_of(id));
    let mut stream = follow(client, &path, None).await;
    let mut exchange = upstream.next().await;
    let mut rendered = Rendered::default();
    for piece in PIECES {
        exchange.text(piece).await;
        let seen = stream.until(|message| message.event == "ai_response_blocks").await;
        rendered = fold(rendered, &seen, reply);
    }
    finish(exchange).await;
    let seen = stream.until(ends).await;
    let whole = markdown::render(&PIECES.concat());
    assert_eq!(fold(rendered, &seen, reply).blocks(), whole);
}

#[tokio::test]
async fn a_viewer_that_comes_back_goes_on_with_what_it_has() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let reply = text(&turn, "reply_id");
    let path = format!("{ALL}?render=blocks");
    let mut stream = follow(client, &path, None).await;
    let mut exchange = upstream.next().await;
    let mut rendered = Rendered::default();
    for piece in PIECES {
        exchange.text(piece).await;
        let seen = stream.until(|message| message.event == "ai_response_blocks").await;
        let place = seen.last().unwrap().id.clone();
        rendered = fold(rendered, &seen, reply);
        stream = follow(client, &path, Some(&place)).await;
    }
    finish(exchange).await;
    let seen = stream.until(ends).await;
    assert_eq!(fold(rendered, &seen, reply).blocks(), markdown::render(&PIECES.concat()));
    // Who has the operations but not the end gets the end.
    let bare = seen.iter().rev().nth(1).filter(|message| message.event == "ai_response_blocks");
    assert!(bare.is_some(), "{seen:?}");
    assert_ne!(bare.unwrap().id, seen.last().unwrap().id);
}
