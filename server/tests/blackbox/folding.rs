use serde_json::json;

use crate::stage::{CHINESE, TEXT, builtin, fold, played};

#[tokio::test]
async fn the_events_amount_to_the_snapshot() {
    let server = builtin().await;
    for text in [TEXT, CHINESE] {
        let id = server.client().start(text).await;
        let messages = server.client().follow(&id, 0).await.rest().await;
        let (document, snapshot) = (fold(&messages), server.client().snapshot(&id).await);
        assert_eq!(document.root(), &snapshot["document"]);
        assert_eq!(snapshot["completed"], json!(["/title", "/summary"]));
    }
}

#[tokio::test]
async fn a_completed_document_is_what_the_model_wrote() {
    let (server, mut upstream) = played().await;
    let written =
        r#"{"title":"\ud83d\ude00 \u65b0","summary":"a\tb\\c\"d\u0000e","more":[1,{"x":null}]}"#;
    let expected: serde_json::Value = serde_json::from_str(written).unwrap();
    for piece_bytes in [1, 3, 50] {
        let id = server.client().start(TEXT).await;
        let mut exchange = upstream.next().await;
        for piece in written.as_bytes().chunks(piece_bytes) {
            exchange.text(std::str::from_utf8(piece).unwrap()).await;
        }
        exchange.finish("stop").await;
        exchange.done().await;
        let messages = server.client().follow(&id, 0).await.rest().await;
        assert_eq!(fold(&messages).root(), &expected);
        assert_eq!(server.client().snapshot(&id).await["document"], expected);
    }
}
