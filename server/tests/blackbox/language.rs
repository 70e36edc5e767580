use serde_json::json;
use test_support::Upstream;

use crate::stage::{CHINESE, KEY, last, launch};

#[tokio::test]
async fn a_document_in_another_language_than_was_asked_for_is_noticed() {
    let mut upstream = Upstream::start().await;
    let server = launch().asking(&upstream, KEY).start().await;
    let client = server.client();
    let summary = "地铁每天运送三百万人，自动驾驶的公交车在郊区试运行。";
    for (language, is_noticed) in [("en", true), ("zh", false), ("auto", false)] {
        let body = json!({"text": CHINESE, "language": language});
        let started = client.post("/api/generations", &body).await.json();
        let id = started["id"].as_str().unwrap();
        upstream.next().await.answer("科技改变城市", summary).await;
        let messages = client.follow(id, 0).await.rest().await;
        last(&messages, "completed");
        let notices: Vec<_> = messages.iter().filter(|it| it.event == "notice").collect();
        assert_eq!(notices.len(), usize::from(is_noticed), "{language}");
        let snapshot = client.snapshot(id).await;
        if is_noticed {
            assert_eq!(notices[0].json()["code"], "language_differs");
            assert_eq!(snapshot["notices"], json!([notices[0].json()]));
        } else {
            assert!(snapshot.get("notices").is_none());
        }
    }
}
