use http::Method;
use serde_json::json;

use super::{ask, change, follow, stream_of, text};
use crate::stage::{begin, played, problem};

#[tokio::test]
async fn what_cannot_be_sent_is_refused_by_name() {
    let (server, _upstream) = played().await;
    let client = server.client();
    for (body, status, code, field) in [
        (json!({"content": " \n\u{200b}"}), 422, "invalid_field", "content"),
        (json!({}), 422, "invalid_field", "content"),
        (json!({"content": "x", "persona_id": "none"}), 422, "invalid_field", "persona_id"),
        (json!({"content": "x", "model": " "}), 422, "invalid_field", "model"),
        (json!({"content": "x", "else": 1}), 422, "invalid_field", "else"),
        (json!({"content": "x", "conversation_id": "none"}), 404, "not_found", "conversation_id"),
        (json!({"content": "x", "parent_id": "none"}), 404, "not_found", "parent_id"),
        (json!({"content": "x", "generation_id": "none"}), 404, "not_found", "generation_id"),
    ] {
        let refused = client.post("/api/conversations/send", &body).await;
        assert_eq!(problem(&refused, status, code)["field"], field, "{body}");
    }
    assert_eq!(client.get("/api/conversations").await.json()["conversations"], json!([]));
}

#[tokio::test]
async fn a_conversation_that_is_answering_says_which_reply_runs() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let (id, reply) = (text(&turn, "conversation_id"), text(&turn, "reply_id"));
    let body = json!({"content": "And?", "conversation_id": id});
    let again = format!("/api/conversations/{id}/messages/{reply}/regenerate");
    for path in ["/api/conversations/send", &again] {
        let body = if path == again { json!({}) } else { body.clone() };
        let refused = client.post(path, &body).await;
        assert_eq!(problem(&refused, 409, "reply_running")["reply_id"], reply);
    }
    drop(upstream.next().await);
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    for path in [
        "/api/conversations/none",
        "/api/conversations/none/stream",
        "/api/v1/conversations/none/stream",
        "/api/personas/none",
        "/api/personas/none/versions",
    ] {
        problem(&client.get(path).await, 404, "not_found");
    }
    for path in ["/api/conversations/none", "/api/personas/none"] {
        problem(&client.delete(path).await, 404, "not_found");
    }
    let title = json!({"title": "x"});
    let refused = change(client, Method::PATCH, "/api/conversations/none", &title).await;
    problem(&refused, 404, "not_found");
    // Once it is deleted, nothing of it is there.
    let turn = ask(client, "Why?").await;
    let id = text(&turn, "conversation_id");
    let mut stream = follow(client, &stream_of(id), None).await;
    let mut exchange = upstream.next().await;
    assert_eq!(client.delete(&format!("/api/conversations/{id}")).await.status, 204);
    exchange.closed().await;
    let rest = stream.rest().await;
    assert_eq!(rest.last().unwrap().event, "deleted");
    problem(&client.get(&stream_of(id)).await, 404, "not_found");
    problem(&client.get(&format!("/api/conversations/{id}")).await, 404, "not_found");
    let reply = format!("/api/generations/{}", text(&turn, "reply_id"));
    problem(&client.get(&reply).await, 404, "not_found");
    let body = json!({"content": "x", "conversation_id": id});
    problem(&client.post("/api/conversations/send", &body).await, 404, "not_found");
}

#[tokio::test]
async fn replies_are_no_documents_and_documents_no_replies() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (document, _exchange) = begin(client, &mut upstream).await;
    let turn = ask(client, "Why?").await;
    let reply = text(&turn, "reply_id");
    let listed = client.get("/api/generations").await.json();
    assert_eq!(listed["generations"].as_array().unwrap().len(), 1);
    assert_eq!(listed["generations"][0]["id"], document);
    let path = format!("/api/generations/{reply}");
    assert_eq!(client.get(&path).await.json()["shape"], "reply");
    problem(&client.delete(&path).await, 404, "not_found");
    let body = json!({"content": "x", "generation_id": reply});
    let refused = client.post("/api/conversations/send", &body).await;
    assert_eq!(problem(&refused, 404, "not_found")["field"], "generation_id");
    for shape in ["reply", "training"] {
        let body = json!({"text": "x", "shape": shape});
        problem(&client.post("/api/generations", &body).await, 422, "invalid_field");
    }
}
