use http::{Method, StatusCode};
use serde_json::json;
use test_support::whole;

use crate::stage::{builtin, problem};

#[tokio::test]
async fn health_says_exactly_this() {
    let server = builtin().await;
    let answer = server.client().get("/health").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("content-type").starts_with("application/json"));
    assert_eq!(answer.json(), json!({"status": "ok", "message": "Server is running"}));
    let head = server.client().request(Method::HEAD, "/health").body(whole(""));
    assert_eq!(server.client().send(head).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_head_tells_what_a_get_would_and_starts_nothing() {
    let server = builtin().await;
    let head = async |path| {
        let request = server.client().request(Method::HEAD, path).body(whole(""));
        server.client().send(request).await
    };
    for path in ["/helloworld", "/gpt/summary?content=Some%20text.", "/stream", "/clock"] {
        let answer = head(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "text/event-stream; charset=utf-8", "{path}");
        assert!(answer.body.is_empty(), "{path}");
    }
    let resumed = server.client().request(Method::HEAD, "/helloworld");
    let resumed = resumed.header("last-event-id", "nobody-1").body(whole(""));
    assert_eq!(server.client().send(resumed).await.status, StatusCode::NOT_FOUND);
    assert_eq!(head("/gpt/summary").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(head("/helloworld?text=").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(server.client().get("/api/generations").await.json()["generations"], json!([]));
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_404() {
    let server = builtin().await;
    for path in [
        "/api/nothing",
        "/api/generations/nobody",
        "/api/generations/nobody/events",
        "/api/generations/nobody/patches",
        "/api/generations/nobody/nothing",
        "/api/generations/..%2f..%2fetc",
        "/api/generations/%27%20OR%201%3D1",
        "/api/generations/%ff",
        "/api/generations/%ff/events",
    ] {
        let body = problem(&server.client().get(path).await, 404, "not_found");
        assert!(!body.to_string().contains("SELECT"), "{body}");
    }
    problem(&server.client().delete("/api/generations/nobody").await, 404, "not_found");
}

#[tokio::test]
async fn a_browser_gets_a_page_for_what_is_not_there_and_a_script_a_problem() {
    let server = builtin().await;
    let get = async |path: &str, accepted: &str| {
        let request = server.client().request(Method::GET, path).header("accept", accepted);
        server.client().send(request.body(whole(""))).await
    };
    for path in ["/nothing", "/health/", "/pkg/nothing.js"] {
        let page = get(path, "text/html,application/xhtml+xml,*/*;q=0.8").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        for accepted in ["*/*", "application/json"] {
            let body = problem(&get(path, accepted).await, 404, "not_found");
            assert!(body["detail"].as_str().unwrap().contains(path), "{body}");
        }
    }
}

#[tokio::test]
async fn a_method_that_nothing_takes_is_a_problem_404() {
    let server = builtin().await;
    for (method, path) in
        [(Method::POST, "/favicon.svg"), (Method::POST, "/nothing"), (Method::CONNECT, "here:80")]
    {
        let request = server.client().request(method, path).body(whole(""));
        problem(&server.client().send(request).await, 404, "not_found");
    }
    assert!(!server.stderr().so_far().contains("panic"), "{}", server.stderr().so_far());
}

#[tokio::test]
async fn a_method_that_is_not_taken_is_a_problem_405() {
    let server = builtin().await;
    for (method, path, allowed) in [
        (Method::PUT, "/api/generations", "POST"),
        (Method::DELETE, "/api/generations", "GET"),
        (Method::POST, "/api/generations/some/events", "GET"),
        (Method::GET, "/api/generations/some/stop", "POST"),
        (Method::DELETE, "/health", "GET"),
    ] {
        let request = server.client().request(method, path).body(whole(""));
        let answer = server.client().send(request).await;
        problem(&answer, 405, "method_not_allowed");
        assert!(answer.header("allow").contains(allowed), "{path}: {:?}", answer.headers);
    }
}
