use serde_json::json;

use crate::stage::{builtin, problem, run};

#[tokio::test]
async fn what_is_given_twice_is_refused_by_name() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    let events = format!("/api/generations/{id}/events?after=1&after=2");
    for (path, field) in [
        ("/api/generations?limit=1&limit=2", "limit"),
        ("/stream?count=1&count=2", "count"),
        ("/clock?tz=UTC&tz=UTC", "tz"),
        ("/helloworld?text=a&text=b", "text"),
        (&events, "after"),
    ] {
        let body = problem(&server.client().get(path).await, 400, "invalid_parameter");
        assert_eq!(body["field"], field, "{path}");
        assert!(body["detail"].as_str().unwrap().contains("twice"), "{body}");
    }
}

#[tokio::test]
async fn what_is_no_utf8_starts_nothing() {
    let server = builtin().await;
    for path in ["/helloworld?text=Ice%ff.", "/gpt/summary?content=%c3%28", "/stream?message=%80"] {
        let body = problem(&server.client().get(path).await, 400, "invalid_parameter");
        assert!(body["detail"].as_str().unwrap().contains("UTF-8"), "{body}");
    }
    let listed = server.client().get("/api/generations").await.json();
    assert_eq!(listed["generations"], json!([]));
}
