//! Answers that break off, and are written on.

use serde_json::{Value, json};
use test_support::{Exchange, Launch, Unspool, Upstream, sse::Message};

use crate::stage::{KEY, TEXT, fold, last, launch};

const TITLE: &str = "Ice and fish";
const SUMMARY: &str = "The harbour of Aldermouth froze in January.\nThe town sold \"fish\" from its \
    cold stores, 三周, and by March the boats went out again.";

/// The answer as a model writes it.
fn whole() -> String {
    format!("{{\"title\": {}, \"summary\": {}}}", json!(TITLE), json!(SUMMARY))
}

fn document() -> Value {
    json!({"title": TITLE, "summary": SUMMARY})
}

async fn start(launch: Launch) -> (Unspool, String) {
    let server = launch.start().await;
    let id = server.client().start(TEXT).await;
    (server, id)
}

async fn write(exchange: &mut Exchange, text: &str) {
    for piece in text.split_inclusive(' ') {
        exchange.text(piece).await;
    }
}

async fn end(mut exchange: Exchange, text: &str, finish: &str) {
    write(&mut exchange, text).await;
    exchange.finish(finish).await;
    exchange.done().await;
}

/// What a request says was written already, and how much of the whole answer that is.
fn written(exchange: &Exchange) -> String {
    let messages = exchange.body["messages"].as_array().unwrap();
    let last = messages.iter().rfind(|message| message["role"] == "assistant").unwrap();
    assert!(exchange.body.get("response_format").is_none(), "the rest is no whole document");
    last["content"].as_str().unwrap().to_owned()
}

/// What is missing of the answer behind what was written.
fn rest(written: &str) -> String {
    let whole = whole();
    whole.strip_prefix(written).unwrap().to_owned()
}

async fn log(server: &Unspool, id: &str) -> Vec<Message> {
    server.client().follow(id, 0).await.rest().await
}

fn reasons(messages: &[Message]) -> Vec<String> {
    let continued = messages.iter().filter(|message| message.event == "continued");
    continued.map(|message| message.json()["reason"].as_str().unwrap().to_owned()).collect()
}

fn assert_whole(messages: &[Message], reason: &[&str]) {
    last(messages, "completed");
    assert_eq!(fold(messages).root(), &document());
    assert_eq!(reasons(messages), reason);
    let completed: Vec<Value> = messages
        .iter()
        .filter(|message| message.event == "field_completed")
        .map(|message| message.json()["path"].clone())
        .collect();
    assert_eq!(completed, ["/title", "/summary"]);
}

#[tokio::test]
async fn a_lost_connection_is_gone_on_from_wherever_it_stood() {
    let whole = whole();
    for cut in (12..whole.len()).filter(|cut| whole.is_char_boundary(*cut)).step_by(7) {
        let mut upstream = Upstream::start().await;
        let (server, id) = start(launch().asking(&upstream, KEY)).await;
        let mut exchange = upstream.next().await;
        write(&mut exchange, &whole[..cut]).await;
        exchange.close();
        let exchange = upstream.next().await;
        let rest = rest(&written(&exchange));
        end(exchange, &rest, "stop").await;
        assert_whole(&log(&server, &id).await, &["connection_lost"]);
    }
}

#[tokio::test]
async fn a_model_that_starts_over_is_read_on_where_it_agrees() {
    for (cut, fence) in [(20, false), (60, true), (110, false)] {
        let mut upstream = Upstream::start().await;
        let (server, id) = start(launch().asking(&upstream, KEY)).await;
        let mut exchange = upstream.next().await;
        write(&mut exchange, &whole()[..cut]).await;
        exchange.close();
        let again = whole().replace("{\"title\": ", "{\n  \"title\":");
        let again = if fence { format!("```json\n{again}\n```") } else { again };
        end(upstream.next().await, &again, "stop").await;
        assert_whole(&log(&server, &id).await, &["connection_lost"]);
    }
}

#[tokio::test]
async fn a_model_that_starts_over_with_something_else_has_failed() {
    let mut upstream = Upstream::start().await;
    let (server, id) = start(launch().asking(&upstream, KEY)).await;
    let mut exchange = upstream.next().await;
    write(&mut exchange, &whole()[..60]).await;
    exchange.close();
    end(upstream.next().await, "{\"title\": \"Ships\", \"summary\": \"Other.\"}", "stop").await;
    let messages = log(&server, &id).await;
    assert_eq!(last(&messages, "failed")["code"], "provider_error");
    let shown = fold(&messages);
    assert_eq!(shown.text("title"), Some(TITLE));
    assert!(SUMMARY.starts_with(shown.text("summary").unwrap()), "no document within a text");
}

#[tokio::test]
async fn an_answer_that_reached_its_limit_is_gone_on_until_it_is_whole() {
    let mut upstream = Upstream::start().await;
    let (server, id) = start(launch().asking(&upstream, KEY)).await;
    let whole = whole();
    let mut exchange = upstream.next().await;
    let mut at = 0;
    for to in [40, 70, 110] {
        write(&mut exchange, &whole[at..to]).await;
        exchange.finish("length").await;
        exchange.usage(100, 10).await;
        exchange.done().await;
        exchange = upstream.next().await;
        at = written(&exchange).len();
        assert_eq!(at, to);
    }
    end(exchange, &whole[at..], "stop").await;
    let messages = log(&server, &id).await;
    assert_whole(&messages, &["length"; 3]);
    assert_eq!(
        last(&messages, "completed")["usage"],
        json!({"input_tokens": 300, "output_tokens": 30})
    );
}

#[tokio::test]
async fn what_breaks_off_again_is_gone_on_again() {
    let mut upstream = Upstream::start().await;
    let (server, id) = start(launch().asking(&upstream, KEY)).await;
    let mut exchange = upstream.next().await;
    write(&mut exchange, &whole()[..60]).await;
    exchange.finish("length").await;
    exchange.done().await;
    // It begins again, and does not get far.
    let mut exchange = upstream.next().await;
    exchange.text("{\"tit").await;
    exchange.close();
    let mut exchange = upstream.next().await;
    let missing = rest(&written(&exchange));
    write(&mut exchange, &missing[..20]).await;
    exchange.close();
    let exchange = upstream.next().await;
    let missing = rest(&written(&exchange));
    end(exchange, &missing, "stop").await;
    let reasons = ["length", "connection_lost", "connection_lost"];
    assert_whole(&log(&server, &id).await, &reasons);
}

#[tokio::test]
async fn it_is_tried_a_few_times_and_no_more() {
    let mut upstream = Upstream::start().await;
    let (server, id) = start(launch().asking(&upstream, KEY)).await;
    let mut exchange = upstream.next().await;
    write(&mut exchange, &whole()[..60]).await;
    exchange.close();
    for _ in 0..3 {
        upstream.next().await.close();
    }
    let messages = log(&server, &id).await;
    let failed = last(&messages, "failed");
    assert_eq!((&failed["code"], &failed["retryable"]), (&json!("provider_error"), &json!(true)));
    assert_eq!(reasons(&messages), ["connection_lost"; 3]);
}

#[tokio::test]
async fn llama_cpp_goes_on_behind_a_trailing_message() {
    let mut upstream = Upstream::llamacpp(4_096).await;
    let (server, id) = start(launch().asking(&upstream, KEY)).await;
    let mut exchange = upstream.next().await;
    write(&mut exchange, &whole()[..60]).await;
    exchange.close();
    let exchange = upstream.next().await;
    let messages = exchange.body["messages"].as_array().unwrap();
    assert_eq!(messages.last().unwrap()["role"], "assistant");
    let rest = rest(&written(&exchange));
    end(exchange, &rest, "stop").await;
    assert_whole(&log(&server, &id).await, &["connection_lost"]);
}

#[tokio::test]
async fn a_killed_server_goes_on_at_its_next_start() {
    let whole = whole();
    for cut in [0, 5, 20, 60, 110, whole.len() - 1] {
        let mut upstream = Upstream::start().await;
        let (server, id) = start(launch().asking(&upstream, KEY)).await;
        let mut exchange = upstream.next().await;
        let mut stream = server.client().follow(&id, 0).await;
        write(&mut exchange, &whole[..cut]).await;
        let begun =
            |message: &Message| message.event == "field_delta" || message.event == "started";
        stream.until(begun).await;
        if cut > 20 {
            stream.until(|message| message.event == "field_completed").await;
        }
        let server = server.kill().await.start().await;
        if let Some(exchange) = next_unless_ended(&mut upstream, &server, &id).await {
            let has_written = exchange.body["messages"].as_array().unwrap().len() > 2;
            let rest = if has_written { rest(&written(&exchange)) } else { whole.clone() };
            end(exchange, &rest, "stop").await;
        }
        let messages = log(&server, &id).await;
        last(&messages, "completed");
        assert_eq!(fold(&messages).root(), &document(), "killed at {cut}");
    }
}

/// The next request; none when nothing was missing but the end.
async fn next_unless_ended(
    upstream: &mut Upstream,
    server: &Unspool,
    id: &str,
) -> Option<Exchange> {
    if server.client().snapshot(id).await["status"] == "completed" {
        return None;
    }
    let (client, id) = (server.client(), id.to_owned());
    let ended = async move { client.follow(&id, 0).await.rest().await };
    tokio::select! {
        exchange = upstream.next() => Some(exchange),
        _ = ended => None,
    }
}

#[tokio::test]
async fn what_is_killed_again_and_again_is_ended() {
    let mut upstream = Upstream::start().await;
    let (mut server, id) = start(launch().asking(&upstream, KEY)).await;
    upstream.next().await.text(&whole()[..60]).await;
    for _ in 0..3 {
        server = server.kill().await.start().await;
        let _exchange = upstream.next().await;
    }
    let server = server.kill().await.start().await;
    let failed = last(&log(&server, &id).await, "failed");
    assert_eq!(failed["code"], "interrupted");
}

#[tokio::test]
async fn the_built_in_provider_goes_on_too() {
    let server = launch().start().await;
    let text = TEXT.repeat(20);
    let id = server.client().start(&text).await;
    server.client().follow(&id, 0).await.until(|it| it.event == "field_delta").await;
    let server = server.kill().await.start().await;
    let messages = log(&server, &id).await;
    last(&messages, "completed");
    assert_eq!(server.client().snapshot(&id).await["document"], *fold(&messages).root());
}

#[tokio::test]
async fn nothing_is_continued_where_that_is_switched_off() {
    let mut upstream = Upstream::start().await;
    let (server, id) = start(launch().asking(&upstream, KEY).flag("resume", "off")).await;
    let mut exchange = upstream.next().await;
    write(&mut exchange, &whole()[..60]).await;
    exchange.close();
    let messages = log(&server, &id).await;
    assert_eq!(last(&messages, "failed")["code"], "provider_error");
    assert!(reasons(&messages).is_empty() && upstream.waiting().is_none());
}
