use http::{Method, StatusCode};
use serde_json::json;
use test_support::{Answer, Client, whole};

use super::{answer, conversation};
use crate::stage::{builtin, played, problem};

async fn post(client: Client, form: &str, accept: &str) -> Answer {
    let request = client
        .request(Method::POST, "/chat")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", accept);
    client.send(request.body(whole(form.to_owned()))).await
}

#[tokio::test]
async fn the_whole_answer_comes_as_plain_text_and_nothing_is_kept() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let asking =
        tokio::spawn(async move { post(client, "message=Why%20%E6%96%B0%3F", "*/*").await });
    let asked = answer(&mut upstream, "\n**Cold**, <b>新</b>. ").await;
    assert_eq!(asked["messages"], json!([{"role": "user", "content": "Why 新?"}]));
    let told = asking.await.unwrap();
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.header("content-type").starts_with("text/plain"));
    assert_eq!(told.text(), "**Cold**, <b>新</b>.");
    assert_eq!(client.get("/api/conversations").await.json()["conversations"], json!([]));
    assert_eq!(client.get("/api/generations").await.json()["generations"], json!([]));
}

#[tokio::test]
async fn a_blank_message_gets_what_the_page_expects() {
    let server = builtin().await;
    for form in ["", "message=", "message=+%0A", "text=x"] {
        let told = post(server.client(), form, "*/*").await;
        assert_eq!(
            (told.status, told.text()),
            (StatusCode::OK, "Error: Message cannot be empty".to_owned())
        );
    }
}

#[tokio::test]
async fn a_provider_that_fails_is_no_answer() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let asking = tokio::spawn(async move { post(client, "message=Why", "*/*").await });
    upstream.next().await.refuse(401, &json!({"error": {"message": "no"}})).await;
    problem(&asking.await.unwrap(), 502, "provider_failed");
}

#[tokio::test]
async fn a_form_without_scripts_leads_to_the_conversation_with_the_reply() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let asking = tokio::spawn(async move { post(client, "message=Why", "text/html").await });
    answer(&mut upstream, "Cold.").await;
    let told = asking.await.unwrap();
    assert_eq!(told.status, StatusCode::SEE_OTHER);
    let id = told.header("location").strip_prefix("/chat/").unwrap().to_owned();
    let kept = conversation(client, &id).await;
    assert_eq!(kept["messages"][1]["content"], "Cold.");
}
