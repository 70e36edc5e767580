use http::Method;
use serde_json::json;
use test_support::{Answer, Client, whole};

use crate::stage::{builtin, problem};

async fn send(client: Client, content_type: &str, body: &[u8]) -> Answer {
    let request = client.request(Method::POST, "/api/generations");
    let request = request.header("content-type", content_type);
    client.send(request.body(whole(body.to_vec()))).await
}

#[tokio::test]
async fn a_blank_text_is_refused_by_name() {
    let server = builtin().await;
    for text in ["", " ", "\n\t\r\n", "\u{3000}\u{a0}", "\u{feff}\u{200b} \u{200d}", "\0\u{7}"] {
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
        assert!(body.get("field").is_none(), "{body}");
    }
    let twice = b"{\"text\": \"a\", \"text\": \"b\"}";
    let answer = send(server.client(), "application/json", twice).await;
    assert_eq!(problem(&answer, 422, "invalid_field")["field"], "text");
}

#[tokio::test]
async fn what_is_accepted_is_said_whatever_came_in_its_place() {
    let server = builtin().await;
    for (field, wrong, accepted) in [
        ("language", json!("tlh"), "`auto`, `en`, `zh`"),
        ("length", json!("huge"), "`short`, `medium`, `long`"),
        ("length", json!(3), "a string"),
        ("language", json!({}), "a string"),
    ] {
        let body = json!({"text": "a", (field): wrong});
        let answer = server.client().post("/api/generations", &body).await;
        let problem = problem(&answer, 422, "invalid_field");
        assert_eq!(problem["field"], field);
        assert!(problem["detail"].as_str().unwrap().contains(accepted), "{problem}");
    }
}

/// An answer that nobody reads would be kept as long.
#[tokio::test]
async fn a_refusal_does_not_quote_a_megabyte() {
    let server = builtin().await;
    let long = "長い".repeat(200_000);
    for body in [json!({"text": "a", "length": long}), json!({"text": "a", (&long): 1})] {
        let answer = server.client().post("/api/generations", &body).await;
        problem(&answer, 422, "invalid_field");
        assert!(answer.body.len() < 4_000, "{}", answer.body.len());
        let body = json!({"request": body});
        let answer = server.client().post("/fn/start", &body).await;
        problem(&answer, 400, "malformed_body");
        assert!(answer.body.len() < 4_000, "{}", answer.body.len());
    }
    let path = format!("/api/{}", "a".repeat(20_000));
    let answer = server.client().get(&path).await;
    problem(&answer, 404, "not_found");
    assert!(answer.body.len() < 4_000, "{}", answer.body.len());
}

#[tokio::test]
async fn null_is_as_good_as_nothing() {
    let server = builtin().await;
    let body = json!({"text": "a", "language": null, "length": null, "model": null, "shape": null});
    let answer = server.client().post("/api/generations", &body).await;
    assert_eq!(answer.status, http::StatusCode::CREATED, "{}", answer.text());
    let snapshot = server.client().snapshot(answer.json()["id"].as_str().unwrap()).await;
    assert_eq!((&snapshot["language"], &snapshot["length"]), (&json!("auto"), &json!("medium")));
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
    for body in [
        "",
        "{",
        "{\"text\": \"a\",}",
        "text=hello",
        "{\"text\": \"a\"} {}",
        "{\"text\": \"\\ud83d\"}",
    ] {
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
