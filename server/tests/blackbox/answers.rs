use serde_json::{Value, json};

use crate::stage::{begin, fold, last, played};

const DOCUMENT: &str = "{\"title\": \"Ice\", \"summary\": \"It froze.\"}";

/// What came of an answer that was written in pieces of three characters.
async fn written(answer: &str) -> (Vec<test_support::sse::Message>, Value) {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let characters: Vec<char> = answer.chars().collect();
    for piece in characters.chunks(3) {
        exchange.text(&piece.iter().collect::<String>()).await;
    }
    exchange.finish("stop").await;
    exchange.done().await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    (messages, server.client().snapshot(&id).await)
}

fn reasoning(messages: &[test_support::sse::Message]) -> String {
    let thoughts = messages.iter().filter(|message| message.event == "reasoning");
    thoughts.map(|message| message.json()["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_fence_and_prose_around_the_document_are_left_out() {
    for answer in [
        format!("```json\n{DOCUMENT}\n```"),
        format!("Sure! Here is the JSON:\n{DOCUMENT}\nIs there anything else?"),
    ] {
        let (messages, snapshot) = written(&answer).await;
        last(&messages, "completed");
        assert_eq!(snapshot["document"], serde_json::from_str::<Value>(DOCUMENT).unwrap());
    }
}

#[tokio::test]
async fn thoughts_are_shown_as_such_and_are_no_part_of_the_document() {
    let answer = format!("<think>\nThe harbour {{froze}}.\n</think>\n\n{DOCUMENT}");
    let (messages, snapshot) = written(&answer).await;
    last(&messages, "completed");
    assert_eq!(reasoning(&messages).trim(), "The harbour {froze}.");
    assert_eq!(snapshot["reasoning"].as_str().unwrap().trim(), "The harbour {froze}.");
    assert_eq!(fold(&messages).root(), &serde_json::from_str::<Value>(DOCUMENT).unwrap());
}

#[tokio::test]
async fn thoughts_in_a_channel_of_their_own_are_shown_too() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    exchange.reasoning("The harbour").await;
    exchange.reasoning(" froze.").await;
    exchange.answer("Ice", "It froze.").await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    last(&messages, "completed");
    assert_eq!(reasoning(&messages), "The harbour froze.");
}

#[tokio::test]
async fn a_field_that_is_written_twice_stays_as_it_was_said_to_be_final() {
    let (messages, snapshot) =
        written("{\"title\":\"A\",\"title\":\"B\",\"summary\":\"C\",\"summary\":\"D\"}").await;
    last(&messages, "completed");
    assert_eq!(snapshot["document"], json!({"title": "A", "summary": "C"}));
    assert_eq!(fold(&messages).root(), &snapshot["document"]);
}
