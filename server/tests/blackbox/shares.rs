//! What is shared by a link.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::{Answer, Client, Script, Upstream, whole};

use crate::stage::{KEY, builtin, launch, problem};

async fn share(client: Client, path: &str) -> Value {
    let shared = client.post(path, &json!({})).await;
    assert_eq!(shared.status, StatusCode::CREATED, "{}", shared.text());
    shared.json()
}

async fn page(client: Client, share: &Value) -> Answer {
    client.get(share["url"].as_str().unwrap()).await
}

#[tokio::test]
async fn a_summary_is_shared_until_it_is_withdrawn() {
    let hostile = "<script>alert(1)</script> & more";
    let upstream = Upstream::playing(Script::document("On ice", hostile, 8)).await;
    let server = launch().asking(&upstream, KEY).start().await;
    let client = server.client();
    let id = client.start("Secret source").await;
    client.follow(&id, 0).await.rest().await;
    let first = share(client, &format!("/api/generations/{id}/share")).await;
    assert_eq!(share(client, &format!("/api/generations/{id}/share")).await, first);
    assert!(first["id"].as_str().unwrap().len() >= 20);

    let shown = page(client, &first).await;
    assert_eq!(shown.status, StatusCode::OK);
    let html = shown.text();
    assert!(html.contains("On ice") && html.contains("&lt;script&gt;alert(1)"), "{html}");
    assert!(!html.contains("<script") && !html.contains("Secret source"), "{html}");
    assert!(shown.header("x-robots-tag").contains("noindex"));
    assert_eq!(shown.header("referrer-policy"), "no-referrer");
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");

    let listed = client.get("/api/shares").await.json();
    assert_eq!(listed["shares"][0]["generation_id"], id);
    let withdrawn = client.delete(&format!("/api/shares/{}", first["id"].as_str().unwrap())).await;
    assert_eq!(withdrawn.status, StatusCode::NO_CONTENT);
    let gone = page(client, &first).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.text().contains("No longer shared") && !gone.text().contains("On ice"));
    assert_eq!(client.get("/api/shares").await.json()["shares"], json!([]));
    assert_ne!(share(client, &format!("/api/generations/{id}/share")).await, first);
    assert_eq!(client.get("/s/nobody").await.status, StatusCode::NOT_FOUND);
    problem(&client.delete("/api/shares/nobody").await, 404, "not_found");
    problem(&client.post("/api/generations/nobody/share", &json!({})).await, 404, "not_found");
}

#[tokio::test]
async fn what_is_deleted_is_shared_no_more() {
    let server = builtin().await;
    let client = server.client();
    let id = client.start("The glacier melts.").await;
    client.follow(&id, 0).await.rest().await;
    let shared = share(client, &format!("/api/generations/{id}/share")).await;
    client.delete(&format!("/api/generations/{id}")).await;
    assert_eq!(page(client, &shared).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_branch_is_shared_as_it_was() {
    let server = builtin().await;
    let client = server.client();
    let id = client.start("The glacier melts. It has melted for years.").await;
    client.follow(&id, 0).await.rest().await;
    let ask = async |body: Value| {
        let turn = client.post("/api/conversations/send", &body).await.json();
        let reply = turn["reply_id"].as_str().unwrap().to_owned();
        client.follow(&reply, 0).await.rest().await;
        turn
    };
    let turn = ask(json!({"content": "What <b>melts</b>?", "generation_id": id})).await;
    let conversation = turn["conversation_id"].as_str().unwrap();
    let path = format!("/api/conversations/{conversation}/share");
    let first = share(client, &path).await;
    ask(json!({"content": "Said later", "conversation_id": conversation})).await;
    let html = page(client, &first).await.text();
    assert!(html.contains("What &lt;b&gt;melts&lt;/b&gt;?"), "{html}");
    assert!(!html.contains("Said later"), "{html}");
    let later = share(client, &path).await;
    assert!(page(client, &later).await.text().contains("Said later"));
    let nobody = client.post(&path, &json!({"leaf_id": "nobody"})).await;
    problem(&nobody, 404, "not_found");
}

#[tokio::test]
async fn the_page_is_in_the_reader_s_language() {
    let server = builtin().await;
    let client = server.client();
    let request = client.request(Method::GET, "/s/nobody").header("accept-language", "zh-CN");
    let page = client.send(request.body(whole(""))).await.text();
    assert!(page.contains("lang=\"zh-CN\"") && page.contains("这里没有分享的内容"), "{page}");
}
