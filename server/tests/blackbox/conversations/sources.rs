use serde_json::{Value, json};

use super::{answer, conversation, ends, follow, send, stream_of, text};
use crate::stage::{TEXT, begin, builtin, played};

/// A text of far more than the model reads, of whose sections one is about eels.
fn report() -> String {
    let mut report = String::from("Report on the harbour of Aldermouth.\n\n");
    for number in 0..400 {
        report.push_str(&format!(
            "Section {number}. The council met and spoke about roads, roofs and the budget of the \
             town. Nothing was decided, as on the day before.\n\n"
        ));
        if number == 317 {
            report.push_str("Eels came back to the river in the ninth year, said the warden.\n\n");
        }
    }
    report
}

fn slice(text: &str, span: &Value) -> String {
    let place = |name: &str| span[name].as_u64().unwrap() as usize;
    text.chars().skip(place("start")).take(place("end") - place("start")).collect()
}

#[tokio::test]
async fn a_text_that_fits_goes_along_as_a_whole() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (document, exchange) = begin(client, &mut upstream).await;
    exchange.answer("Ice", "It froze.").await;
    let turn =
        send(client, &json!({"content": "When did it freeze?", "generation_id": document})).await;
    let asked = answer(&mut upstream, "In January.").await;
    let messages = asked["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert!(text(&messages[1], "content").contains(TEXT));
    assert!(text(&messages[1], "content").ends_with("\n\nWhen did it freeze?"));
    let id = text(&turn, "conversation_id");
    let mut stream = follow(client, text(&turn, "events"), None).await;
    let seen = stream.until(ends).await;
    assert_eq!(seen[1].json()["generation_id"], document);
    let kept = conversation(client, id).await;
    assert_eq!(kept["generation_id"], document);
    let chars = TEXT.chars().count();
    let coverage = &kept["messages"][1]["coverage"];
    assert_eq!(
        *coverage,
        json!({"read_chars": chars, "total_chars": chars, "messages_given": 1, "messages_total": 1})
    );
    assert!(kept["messages"][1].get("passages").is_none());
}

#[tokio::test]
async fn of_a_text_that_does_not_fit_the_passages_that_matter_go_along_and_are_named() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let report = report();
    let document = client.start(&report).await;
    upstream.next().await.answer("Report", "A report.").await;
    let body = json!({"content": "When did the eels return?", "generation_id": document});
    let turn = send(client, &body).await;
    let asked = answer(&mut upstream, "In the ninth year.").await;
    let given = text(&asked["messages"][1], "content").to_owned();
    assert!(given.contains("Eels came back") && given.contains("[…]"), "{given}");
    assert!(given.len() < report.len() / 2);
    assert!(text(&asked["messages"][0], "content").contains("too long to be given whole"));
    let mut stream = follow(client, text(&turn, "events"), None).await;
    let seen = stream.until(ends).await;
    let passages = seen.iter().find(|message| message.event == "ai_response_passages").unwrap();
    let passages = passages.json()["passages"].clone();
    let spans = passages.as_array().unwrap();
    assert!(spans.iter().any(|span| slice(&report, span).contains("Eels came back")));
    for span in spans {
        assert!(given.contains(&slice(&report, span)));
    }
    let kept = conversation(client, text(&turn, "conversation_id")).await;
    assert_eq!(kept["messages"][1]["passages"], passages);
    assert_eq!(seen.last().unwrap().json()["passages"], passages);
    let coverage = &kept["messages"][1]["coverage"];
    assert_eq!(coverage["total_chars"], report.chars().count());
    let read: u64 = spans
        .iter()
        .map(|span| span["end"].as_u64().unwrap() - span["start"].as_u64().unwrap())
        .sum();
    assert_eq!(coverage["read_chars"], read);
}

#[tokio::test]
async fn a_conversation_goes_on_without_a_source_that_was_deleted() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (document, exchange) = begin(client, &mut upstream).await;
    exchange.answer("Ice", "It froze.").await;
    let turn = send(client, &json!({"content": "When?", "generation_id": document})).await;
    let id = text(&turn, "conversation_id");
    answer(&mut upstream, "In January.").await;
    super::entitle(&mut upstream, "Ice").await;
    assert_eq!(client.delete(&format!("/api/generations/{document}")).await.status, 204);
    let kept = conversation(client, id).await;
    assert_eq!(
        (&kept["generation_id"], &kept["is_source_deleted"]),
        (&json!(document), &json!(true))
    );
    assert_eq!(kept["messages"][1]["content"], "In January.");
    send(client, &json!({"content": "Why?", "conversation_id": id})).await;
    let asked = answer(&mut upstream, "Because.").await;
    assert_eq!(asked["messages"][1]["content"], "When?");
}

#[tokio::test]
async fn a_long_conversation_says_what_was_left_out_of_it() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let long =
        |name: &str| format!("{name}. {}", "A sentence that fills the context. ".repeat(250));
    let turn = send(client, &json!({"content": long("First")})).await;
    let id = text(&turn, "conversation_id");
    let mut stream = follow(client, &stream_of(id), None).await;
    answer(&mut upstream, &long("Answer")).await;
    stream.until(ends).await;
    super::entitle(&mut upstream, "Long").await;
    send(client, &json!({"content": long("Second"), "conversation_id": id})).await;
    answer(&mut upstream, "Yes.").await;
    stream.until(ends).await;
    send(client, &json!({"content": "Third?", "conversation_id": id})).await;
    let asked = answer(&mut upstream, "No.").await;
    let messages = asked["messages"].as_array().unwrap();
    assert!(text(messages.last().unwrap(), "content") == "Third?");
    assert!(!messages.iter().any(|message| text(message, "content").starts_with("First")));
    assert!(text(&messages[0], "content").contains("left out"));
    let end = stream.until(ends).await.pop().unwrap().json();
    let coverage = &end["coverage"];
    assert_eq!(coverage["messages_total"], 5);
    assert!(coverage["messages_given"].as_u64().unwrap() < 5, "{coverage}");
}

#[tokio::test]
async fn without_a_model_it_quotes_the_source_or_says_how_to_connect_one() {
    let server = builtin().await;
    let client = server.client();
    let document = client.start(TEXT).await;
    let body = json!({"content": "Who broke the ice?", "generation_id": document});
    for (body, expected) in [
        (body, "> Engineers broke the ice with a borrowed tug."),
        (json!({"content": "Why is the sky blue?"}), "No language model is connected"),
        (json!({"content": "天空为什么是蓝色的？"}), "还没有连接语言模型"),
    ] {
        let turn = send(client, &body).await;
        let mut stream = follow(client, text(&turn, "events"), None).await;
        let end = stream.until(ends).await.pop().unwrap();
        assert_eq!(end.event, "ai_response_complete");
        let content = end.json()["final_content"].as_str().unwrap().to_owned();
        assert!(content.contains(expected), "{content}");
    }
}
