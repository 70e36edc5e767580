use http::{Method, StatusCode};
use serde_json::json;
use test_support::{EventStream, Upstream, sse::Message, whole};

use crate::stage::{KEY, builtin, launch, played, problem};

const SUMMARY: &str = "The harbour froze in January.\n\n- Boats could not leave for three weeks.\n- \
    The town sold fish from its cold stores, and engineers broke the ice with a tug that they had \
    borrowed.\n\n  By March the harbour was open again.\nThe boats went out: 渔船在三月重新出海，\
    镇上的人都来码头送行。\n";

fn text(messages: &[Message]) -> String {
    messages.iter().map(|message| message.data.as_str()).collect()
}

/// Whether it comes in messages of about a hundred characters.
fn assert_measured(messages: &[Message]) {
    let lengths: Vec<_> = messages.iter().map(|m| m.data.chars().count()).collect();
    let (end, whole) = lengths.split_last().unwrap();
    assert!(whole.iter().all(|length| (80..=120).contains(length)), "{lengths:?}");
    assert!((1..=120).contains(end), "{lengths:?}");
}

/// The stream of a model that writes `SUMMARY` in pieces of so many characters.
async fn told(pieces: usize) -> (test_support::Unspool, Vec<Message>) {
    let script = test_support::Script::document("Ice", SUMMARY, pieces);
    let upstream = Upstream::playing(script).await;
    let server = launch().asking(&upstream, KEY).start().await;
    let messages = server.client().open("/gpt/summary?content=Harbour", &[]).await.rest().await;
    (server, messages)
}

async fn after(server: &test_support::Unspool, id: &str) -> EventStream {
    server.client().open("/gpt/summary?content=Harbour", &[("last-event-id", id)]).await
}

#[tokio::test]
async fn the_summary_comes_as_plain_text_in_measured_messages_line_by_line_intact() {
    for pieces in [1, 7, 1_000] {
        let (_server, messages) = told(pieces).await;
        assert_eq!(text(&messages), SUMMARY);
        assert!(messages.iter().all(|message| message.event == "message"));
        assert_measured(&messages);
    }
}

#[tokio::test]
async fn a_line_end_of_two_characters_stays_one() {
    let summary = ["x".repeat(99), "y".repeat(150)].join("\r\n");
    let upstream = Upstream::playing(test_support::Script::document("Ice", &summary, 1_000)).await;
    let server = launch().asking(&upstream, KEY).start().await;
    let messages = server.client().open("/gpt/summary?content=Harbour", &[]).await.rest().await;
    assert_eq!(text(&messages), summary.replace("\r\n", "\n"));
}

/// A client that is cut off before the first message comes back with the id that it has.
#[tokio::test]
async fn who_comes_back_before_the_first_message_starts_nothing_twice() {
    let (server, mut upstream) = played().await;
    let mut stream = server.client().open("/gpt/summary?content=Harbour", &[]).await;
    let exchange = upstream.next().await;
    let id = stream.first_id().await;
    drop(stream);
    let mut stream = after(&server, &id).await;
    exchange.answer("Ice", "It froze.").await;
    assert_eq!(text(&stream.rest().await), "It froze.");
    assert!(upstream.waiting().is_none(), "the provider was asked twice");
}

#[tokio::test]
async fn it_comes_while_the_model_writes() {
    let (server, mut upstream) = played().await;
    let mut stream = server.client().open("/gpt/summary?content=Harbour", &[]).await;
    assert_eq!(stream.header("content-type"), "text/event-stream; charset=utf-8");
    let mut exchange = upstream.next().await;
    exchange.text("{\"title\": \"Ice\", \"summary\": \"").await;
    exchange.text(&"It froze. ".repeat(15)).await;
    assert!("It froze. ".repeat(15).starts_with(&stream.next().await.unwrap().data));
    exchange.text("\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    stream.rest().await;
}

#[tokio::test]
async fn what_is_to_be_read_is_taken_from_the_query_or_the_body() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let post = |path, body: serde_json::Value| {
        let request = client.request(Method::POST, path).header("content-type", "application/json");
        request.body(whole(body.to_string()))
    };
    let asked = [
        client.request(Method::GET, "/gpt/summary?content=Harbour").body(whole("")),
        client.request(Method::POST, "/gpt/summary?content=Harbour").body(whole("")),
        post("/gpt/summary", json!({"content": "Harbour"})),
        post("/gpt/summary?content=Harbour", json!({})),
        post("/gpt/summary?content=Lighthouse", json!({"content": "Harbour"})),
    ];
    for request in asked {
        let answer = tokio::spawn(async move { client.send(request).await });
        let exchange = upstream.next().await;
        let messages = exchange.body["messages"].as_array().unwrap();
        assert_eq!(messages.last().unwrap()["content"], "Harbour");
        exchange.answer("Ice", "It froze.").await;
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text().contains("data: It froze.\n"), "{}", answer.text());
    }
}

#[tokio::test]
async fn nothing_to_read_is_refused() {
    let server = builtin().await;
    let client = server.client();
    let post = |body: &'static str| {
        let request = client.request(Method::POST, "/gpt/summary");
        client.send(request.header("content-type", "application/json").body(whole(body)))
    };
    for answer in [
        client.get("/gpt/summary").await,
        client.get("/gpt/summary?content=").await,
        client.get("/gpt/summary?content=%20%0A").await,
        post("{}").await,
        post("{\"content\": \"  \"}").await,
    ] {
        assert_eq!(problem(&answer, 400, "invalid_field")["field"], "content");
    }
    problem(&post("{\"content\": ").await, 400, "malformed_body");
    for path in ["/gpt/summary?content=a&content=b"] {
        problem(&client.get(path).await, 400, "invalid_parameter");
        let request = client.request(Method::POST, path).body(whole(""));
        problem(&client.send(request).await, 400, "invalid_parameter");
    }
    let listed = client.get("/api/generations").await.json();
    assert_eq!(listed["generations"], json!([]));
}

#[tokio::test]
async fn a_reader_who_comes_back_gets_the_rest_whatever_the_model_s_pieces_were() {
    for pieces in [7, 1_000] {
        let (server, messages) = told(pieces).await;
        for seen in 1..messages.len() {
            let mut stream = after(&server, &messages[seen - 1].id).await;
            let rest = stream.rest().await;
            assert_eq!(text(&rest), text(&messages[seen..]), "after {}", messages[seen - 1].id);
            assert_measured(&rest);
        }
        let listed = server.client().get("/api/generations").await.json();
        assert_eq!(listed["generations"].as_array().unwrap().len(), 1, "started twice");
    }
}

#[tokio::test]
async fn an_eventsource_that_comes_back_after_the_end_is_told_to_stay_away() {
    // As long as a whole number of messages, too: nothing may be left that would say the end.
    for length in [0, 1, 100, 200, 250] {
        let script = test_support::Script::document("Ice", &"a".repeat(length), 10);
        let upstream = Upstream::playing(script).await;
        let server = launch().asking(&upstream, KEY).start().await;
        let mut stream = server.client().open("/gpt/summary?content=Harbour", &[]).await;
        assert_eq!(text(&stream.rest().await).len(), length);
        let over = after(&server, stream.last_event_id()).await;
        assert_eq!(over.status(), StatusCode::NO_CONTENT, "{length}");
    }
}

#[tokio::test]
async fn an_id_that_was_never_sent_is_refused() {
    let (server, messages) = told(7).await;
    let (generation, _) = messages[0].id.split_once('-').unwrap();
    for bad in [
        "x".to_owned(),
        "-".to_owned(),
        format!("{generation}-x"),
        format!("{generation}-9999"),
        format!("{generation}-0+9999"),
        format!("{generation}-0+"),
    ] {
        let request = server.client().request(Method::GET, "/gpt/summary");
        let request = request.header("last-event-id", &bad).body(whole(""));
        problem(&server.client().send(request).await, 400, "invalid_parameter");
    }
}

#[tokio::test]
async fn what_goes_wrong_is_a_message_named_error_after_what_was_written() {
    let (server, mut upstream) = played().await;
    let mut stream = server.client().open("/gpt/summary?content=Harbour", &[]).await;
    let mut exchange = upstream.next().await;
    exchange.text("{\"title\": \"Ice\", \"summary\": \"It froze").await;
    exchange.close();
    let messages = stream.rest().await;
    let (error, written) = messages.split_last().unwrap();
    assert_eq!(error.event, "error");
    assert!(!error.data.is_empty() && !error.data.contains(KEY));
    assert_eq!(text(written), "It froze");
    let over = after(&server, stream.last_event_id()).await;
    assert_eq!(over.status(), StatusCode::NO_CONTENT);
}
