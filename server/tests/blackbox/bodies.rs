use http::Method;
use rig::{Answer, Client, whole};
use serde_json::json;

use crate::stage::{builtin, problem};

async fn send(client: Client, content_type: &str, body: &[u8]) -> Answer {
    let request = client.request(Method::POST, "/api/generations");
    let request = request.header("content-type", content_type);
    client.send(request.body(whole(body.to_vec()))).await
}

#[tokio::test]
async fn a_blank_text_is_refused_by_name() {
    let server = builtin().await;
    for text in ["", " ", "\n\t\r\n", "\u{3000}\u{a0}", "\u{feff}\u{200b} \u{200d}"] {
        let answer = server.client().post("/api/generations", &json!({"text": text})).await;
        assert_eq!(problem(&answer, 422, "invalid_field")["field"], "text");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_its_place() {
    let server = builtin().await;
    for (body, field) in [
        (json!({"text": 5}), "text"),
        (json!({"text": null}), "text"),
        (json!({"text": "a", "length": "huge"}), "length"),
        (json!({"text": "a", "language": 1}), "language"),
        (json!({"text": "a", "model": []}), "model"),
        (json!({"text": "a", "model": " "}), "model"),
        (json!({"text": "a", "colour": "red"}), "colour"),
        (json!({"text": "a", "shape": "poem"}), "shape"),
        (json!({"length": "short"}), "text"),
    ] {
        let answer = server.client().post("/api/generations", &body).await;
        assert_eq!(problem(&answer, 422, "invalid_field")["field"], field, "{body}");
    }
    for body in ["[1]", "[]", "[\"A text.\", \"en\"]"] {
        let answer = send(server.client(), "application/json", body.as_bytes()).await;
        let body = problem(&answer, 422, "invalid_field");
        assert!(body["detail"].as_str().unwrap().contains("JSON object"), "{body}");
    }
}

#[tokio::test]
async fn what_is_compressed_is_refused_by_its_header() {
    let server = builtin().await;
    for (coding, status) in [("gzip", 415), ("br", 415), ("identity", 201)] {
        let request = server.client().request(Method::POST, "/api/generations");
        let request = request.header("content-type", "application/json");
        let request = request.header("content-encoding", coding);
        let answer = server.client().send(request.body(whole("{\"text\": \"a\"}"))).await;
        assert_eq!(answer.status, status, "{coding}");
        let refused = status != 201;
        assert!(!refused || answer.json()["field"] == "Content-Encoding", "{}", answer.text());
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused_with_its_place() {
    let server = builtin().await;
    for body in ["", "{", "{\"text\": \"a\",}", "text=hello", "{\"text\": \"a\"} {}"] {
        let answer = send(server.client(), "application/json", body.as_bytes()).await;
        let body = problem(&answer, 400, "malformed_body");
        assert!(body["detail"].as_str().unwrap().contains("column"), "{body}");
    }
}

#[tokio::test]
async fn what_is_no_utf8_is_refused_with_its_place() {
    let server = builtin().await;
    let answer = send(server.client(), "application/json", b"{\"text\": \"a\xff\"}").await;
    let body = problem(&answer, 400, "malformed_body");
    assert!(body["detail"].as_str().unwrap().contains("byte 11"), "{body}");
}

#[tokio::test]
async fn what_is_not_announced_as_json_is_refused() {
    let server = builtin().await;
    let body = b"{\"text\": \"a\"}";
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""] {
        let answer = send(server.client(), content_type, body).await;
        problem(&answer, 415, "unsupported_media_type");
    }
    let answer = send(server.client(), "Application/JSON; charset=utf-8", body).await;
    assert_eq!(answer.status, http::StatusCode::CREATED);
}
