use http::StatusCode;
use serde_json::{Value, json};
use test_support::{Answer, Client};

use crate::stage::{TEXT, builtin, played, problem};

async fn create(client: Client, key: &str, body: &Value) -> Answer {
    client.post_with("/api/generations", body, &[("idempotency-key", key)]).await
}

#[tokio::test]
async fn the_same_key_and_body_start_one_generation() {
    let (server, mut upstream) = played().await;
    let body = json!({"text": TEXT});
    let first = create(server.client(), "key", &body).await;
    let again = create(server.client(), "key", &body).await;
    assert_eq!((again.status, again.json()), (StatusCode::CREATED, first.json()));
    let other = create(server.client(), "another", &body).await;
    assert_ne!(other.json()["id"], first.json()["id"]);
    for _ in 0..2 {
        upstream.next().await.answer("Ice", "It froze.").await;
    }
    for id in [&first, &other].map(|answer| answer.json()["id"].clone()) {
        server.client().follow(id.as_str().unwrap(), 0).await.rest().await;
    }
    assert!(upstream.waiting().is_none(), "the provider was asked once for each key");
}

#[tokio::test]
async fn what_is_meant_anyway_may_be_left_out_or_said() {
    let server = builtin().await;
    let first = create(server.client(), "key", &json!({"text": TEXT})).await.json();
    for (name, value) in [
        ("language", json!("auto")),
        ("length", json!("medium")),
        ("shape", json!("summary")),
        ("shape", json!(null)),
        ("length", json!(null)),
    ] {
        let again = create(server.client(), "key", &json!({"text": TEXT, (name): value})).await;
        assert_eq!(again.json()["id"], first["id"], "{name}");
    }
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let server = builtin().await;
    create(server.client(), "key", &json!({"text": TEXT})).await;
    for other in [json!({"text": "Other."}), json!({"text": TEXT, "length": "long"})] {
        problem(&create(server.client(), "key", &other).await, 422, "key_reused");
    }
}

#[tokio::test]
async fn a_key_is_remembered_over_a_restart() {
    let server = builtin().await;
    let body = json!({"text": TEXT});
    let first = create(server.client(), "key", &body).await.json();
    let server = server.kill().await.start().await;
    assert_eq!(create(server.client(), "key", &body).await.json()["id"], first["id"]);
}

#[tokio::test]
async fn a_key_that_cannot_be_one_is_refused() {
    let server = builtin().await;
    for key in ["", &"k".repeat(256)] {
        let answer = create(server.client(), key, &json!({"text": TEXT})).await;
        assert_eq!(problem(&answer, 400, "invalid_parameter")["field"], "Idempotency-Key");
    }
    let two = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let answer = server.client().post_with("/api/generations", &json!({"text": TEXT}), &two).await;
    assert_eq!(problem(&answer, 400, "invalid_parameter")["field"], "Idempotency-Key");
}
