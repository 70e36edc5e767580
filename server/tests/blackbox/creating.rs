use http::StatusCode;
use serde_json::json;

use crate::stage::{TEXT, begin, builtin, played, problem};

#[tokio::test]
async fn a_generation_is_created_followed_and_shown() {
    let server = builtin().await;
    let client = server.client();
    let created = client.post("/api/generations", &json!({"text": TEXT})).await;
    assert_eq!(created.status, StatusCode::CREATED);
    let body = created.json();
    let id = body["id"].as_str().unwrap();
    assert_eq!(created.header("location"), format!("/api/generations/{id}"));
    assert_eq!(body["events"], format!("/api/generations/{id}/events"));
    assert_eq!(body["status"], "running");

    let mut stream = client.open(body["events"].as_str().unwrap(), &[]).await;
    let messages = stream.rest().await;
    assert_eq!(messages.last().unwrap().event, "completed");

    let shown = client.get(created.header("location")).await;
    assert_eq!(shown.status, StatusCode::OK);
    let snapshot = shown.json();
    assert_eq!(snapshot["id"], id);
    assert_eq!(snapshot["status"], "completed");
    assert_eq!(snapshot["provider"], "builtin");
    assert_eq!(snapshot["cursor"], messages.len());
    assert!(!snapshot["document"]["title"].as_str().unwrap().is_empty());
    assert!(snapshot["document"]["summary"].as_str().unwrap().contains("harbour"));
    assert!(snapshot["timings"]["total_ms"].is_u64());
    assert_eq!(snapshot["coverage"]["total_chars"], TEXT.chars().count());
    assert!(snapshot.get("error").is_none());
}

#[tokio::test]
async fn what_was_read_of_a_very_long_text_is_told() {
    let server = builtin().await;
    let book: String = (0..20_000).map(|n| format!("This is sentence {n} of many. ")).collect();
    let id = server.client().start(&book).await;
    server.client().follow(&id, 0).await.rest().await;
    let coverage = &server.client().snapshot(&id).await["coverage"];
    let (read, total) = (coverage["read_chars"].as_u64(), coverage["total_chars"].as_u64());
    assert_eq!(total, Some(book.chars().count() as u64));
    assert_eq!(read, total, "{coverage}");
}

#[tokio::test]
async fn the_name_of_a_model_has_a_length() {
    let server = builtin().await;
    let body = json!({"text": TEXT, "model": "m".repeat(257)});
    let answer = server.client().post("/api/generations", &body).await;
    let problem = problem(&answer, 422, "invalid_field");
    assert_eq!(problem["field"], "model");
    assert!(problem["detail"].as_str().unwrap().contains("256 bytes"));
}

#[tokio::test]
async fn the_provider_gets_the_text_the_wishes_and_the_key() {
    let (server, mut upstream) = played().await;
    let body = json!({"text": TEXT, "language": "zh", "length": "short", "model": "another"});
    let created = server.client().post("/api/generations", &body).await;
    assert_eq!(created.status, StatusCode::CREATED);
    let exchange = upstream.next().await;
    assert_eq!(exchange.header("authorization"), format!("Bearer {}", crate::stage::KEY));
    assert_eq!(exchange.body["model"], "another");
    assert_eq!(exchange.body["stream"], true);
    let messages = exchange.body["messages"].as_array().unwrap();
    assert_eq!(messages.last().unwrap()["content"], TEXT);
    assert!(messages[0]["content"].as_str().unwrap().contains("Chinese"));
}

#[tokio::test]
async fn the_snapshot_of_a_running_generation_grows() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let mut stream = server.client().follow(&id, 0).await;
    exchange.text("{\"title\": \"Ice").await;
    stream.until(|message| message.event == "field_delta").await;
    let snapshot = server.client().snapshot(&id).await;
    assert_eq!(snapshot["status"], "running");
    assert_eq!(snapshot["document"], json!({"title": "Ice"}));
    assert_eq!(snapshot["model"], "test-model");

    exchange.text("\", \"summary\": \"It froze.\"}").await;
    exchange.finish("stop").await;
    exchange.usage(40, 9).await;
    exchange.done().await;
    stream.rest().await;
    let snapshot = server.client().snapshot(&id).await;
    assert_eq!(snapshot["document"], json!({"title": "Ice", "summary": "It froze."}));
    assert_eq!(snapshot["usage"], json!({"input_tokens": 40, "output_tokens": 9}));
}

#[tokio::test]
async fn the_model_is_the_one_that_answers() {
    let server = builtin().await;
    let body = json!({"text": TEXT, "model": "other"});
    let answer = server.client().post("/api/generations", &body).await;
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let snapshot = server.client().snapshot(&id).await;
    assert_eq!(
        (&snapshot["provider"], &snapshot["model"]),
        (&"builtin".into(), &"extractive".into())
    );
}
