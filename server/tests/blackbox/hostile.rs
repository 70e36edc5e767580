use serde_json::json;

use crate::stage::{begin, fold, last, played};

#[tokio::test]
async fn hostile_text_is_text() {
    let (server, mut upstream) = played().await;
    let title = "<script>alert(1)</script>\u{202e}&amp;\u{0}\u{2028}";
    let summary = "data: x\n\nevent: completed\r\ndata: {}\r\n\r\n:\u{feff}<img src=x onerror=a>";
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    exchange.answer(title, summary).await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    last(&messages, "completed");
    assert_eq!(fold(&messages).root(), &json!({"title": title, "summary": summary}));
    assert_eq!(server.client().snapshot(&id).await["document"]["summary"], summary);
    let shown = server.client().get(&format!("/api/generations/{id}")).await;
    assert_eq!(shown.header("content-type"), "application/json");
}

#[tokio::test]
async fn a_title_of_a_megabyte_arrives_whole() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let page = "新".repeat(10_000);
    exchange.text("{\"title\":\"").await;
    for _ in 0..35 {
        exchange.text(&page).await;
    }
    exchange.text("\",\"summary\":\"S\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    last(&messages, "completed");
    assert_eq!(fold(&messages).text("title"), Some(page.repeat(35).as_str()));
    let listed = server.client().get("/api/generations").await;
    assert!(listed.body.len() < 4_000, "the history has the title's beginning only");
}
