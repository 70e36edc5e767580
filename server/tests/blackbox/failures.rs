use std::net::TcpListener;

use serde_json::{Value, json};
use test_support::{Exchange, Unspool, Upstream};

use crate::stage::{KEY, TEXT, begin, builtin, last, launch, played, problem};

/// How a generation failed, as its stream and its snapshot tell.
async fn failure(server: &Unspool, id: &str) -> Value {
    let messages = server.client().follow(id, 0).await.rest().await;
    let failed = last(&messages, "failed");
    let snapshot = server.client().snapshot(id).await;
    assert_eq!(snapshot["status"], "failed");
    assert_eq!(snapshot["error"], failed);
    let shown = format!("{failed} {snapshot} {}", server.stderr().so_far());
    assert!(!shown.contains(KEY), "the key is shown: {shown}");
    failed
}

fn assert_failure(failure: &Value, code: &str, retryable: bool, says: &str) {
    assert_eq!((&failure["code"], &failure["retryable"]), (&code.into(), &retryable.into()));
    let message = failure["message"].as_str().unwrap();
    assert!(message.contains(says) && message.ends_with('.'), "{message}");
}

#[tokio::test]
async fn the_log_says_more_of_a_database_that_fails() {
    let server = builtin().await;
    let database = rusqlite::Connection::open(server.data().join("unspool.db")).unwrap();
    database.execute_batch("ALTER TABLE generation RENAME TO elsewhere").unwrap();
    let answer = server.client().get("/api/generations").await;
    let problem = problem(&answer, 500, "internal");
    assert!(problem["detail"].as_str().unwrap().contains("Its log says more."));
    server.stderr().find(|said| said.contains("no such table").then_some(())).await.unwrap();
}

#[tokio::test]
async fn what_the_provider_refuses_is_told_with_what_to_do() {
    let (server, mut upstream) = played().await;
    let wrong_key = format!("Incorrect API key provided: {KEY}.");
    for (status, error, code, retryable, says) in [
        (
            401,
            json!({"message": wrong_key, "code": "invalid_api_key"}),
            "provider_rejected",
            false,
            "UNSPOOL_API_KEY",
        ),
        (
            404,
            json!({"message": "The model does not exist"}),
            "provider_rejected",
            false,
            "UNSPOOL_MODEL",
        ),
        (429, json!({"message": "Rate limit reached"}), "rate_limited", true, "Wait"),
        (500, json!({"message": "The server had an error"}), "provider_error", true, "Try again"),
        (
            400,
            json!({"code": "context_length_exceeded", "message": ""}),
            "input_too_long",
            false,
            "Shorten",
        ),
    ] {
        let (id, exchange) = begin(server.client(), &mut upstream).await;
        exchange.refuse(status, &json!({"error": error})).await;
        assert_failure(&failure(&server, &id).await, code, retryable, says);
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_called_that() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = launch()
        .flag("provider", "openai")
        .flag("base-url", &format!("http://{closed}/v1"))
        .start()
        .await;
    let id = server.client().start(TEXT).await;
    let failed = failure(&server, &id).await;
    assert_failure(&failed, "provider_unreachable", true, "UNSPOOL_BASE_URL");
}

#[tokio::test]
async fn a_silent_provider_is_given_up_and_hung_up_on() {
    let mut upstream = Upstream::start().await;
    let launch = launch().asking(&upstream, KEY).flag("provider-timeout-ms", "1500");
    let server = launch.start().await;
    for text in ["", "{\"title\": \"Kept"] {
        let (id, mut exchange) = begin(server.client(), &mut upstream).await;
        if !text.is_empty() {
            exchange.text(text).await;
        }
        assert_failure(&failure(&server, &id).await, "timeout", true, "silent");
        exchange.closed().await;
        let title = server.client().snapshot(&id).await["document"]["title"].clone();
        assert_eq!(title.as_str().unwrap_or_default(), &text[text.len().min(11)..]);
    }
}

#[tokio::test]
async fn what_had_arrived_of_a_broken_answer_is_kept() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    exchange.text("{\"title\": \"Ice\", \"summary\": \"It fr").await;
    exchange.close();
    assert_failure(&failure(&server, &id).await, "provider_error", true, "broke off");
    let snapshot = server.client().snapshot(&id).await;
    assert_eq!(snapshot["document"], json!({"title": "Ice", "summary": "It fr"}));
    assert_eq!(snapshot["completed"], json!(["/title"]));
}

async fn says_html(exchange: Exchange) {
    exchange.page(200, "text/html", "<html>Welcome to the router</html>").await;
}

async fn says_an_error(mut exchange: Exchange) {
    exchange.raw(b"data: {\"error\": {\"message\": \"out of memory\"}}\n\n").await;
    exchange.done().await;
}

#[tokio::test]
async fn what_is_no_answer_of_a_model_is_an_error_of_the_provider() {
    let (server, mut upstream) = played().await;
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    says_html(exchange).await;
    assert_failure(&failure(&server, &id).await, "provider_error", true, "Try again");
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    says_an_error(exchange).await;
    assert_failure(&failure(&server, &id).await, "provider_error", true, "Try again");
}

#[tokio::test]
async fn an_answer_without_a_document_is_kept_and_shown_as_what_it_is() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    exchange.text("I am sorry, ").await;
    exchange.text("I cannot do that.").await;
    exchange.finish("stop").await;
    exchange.done().await;
    let failed = failure(&server, &id).await;
    assert_failure(&failed, "invalid_output", true, "no JSON object");
    assert_eq!(failed["output"], "I am sorry, I cannot do that.");
}

#[tokio::test]
async fn an_answer_that_was_cut_by_the_token_limit_is_called_that() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    exchange.text("{\"title\": \"Ice\", \"summary\": \"It fr").await;
    exchange.finish("length").await;
    exchange.done().await;
    assert_failure(&failure(&server, &id).await, "truncated_output", true, "incomplete");
    assert_eq!(server.client().snapshot(&id).await["document"]["summary"], "It fr");
}
