//! What every answer says of itself, and what pages do.

use http::Method;
use serde_json::json;
use test_support::{Answer, Unspool, whole};

use crate::stage::{TEXT, builtin, launch, run};

/// Of a browser that opens a page.
const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

async fn ask(server: &Unspool, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = server.client().request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.client().send(request.body(whole(""))).await
}

async fn open(server: &Unspool, path: &str) -> Answer {
    ask(server, Method::GET, path, &[("accept", HTML)]).await
}

fn assert_complete(answer: &Answer, asked: &str) {
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{asked}: {answer:?}");
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{asked}: {answer:?}");
    assert_ne!(answer.header("cache-control"), "", "{asked}: {answer:?}");
}

#[tokio::test]
async fn every_answer_says_that_it_is_what_it_says_and_tells_nobody_whence() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    let ended = format!("/api/generations/{id}/events?after=1000");
    let events = format!("/api/generations/{id}/events");
    let snapshot = format!("/api/generations/{id}");
    for (method, path, headers, status) in [
        (Method::GET, "/", &[("accept", HTML)][..], 200),
        (Method::HEAD, "/", &[("accept", HTML)], 200),
        (Method::GET, "/nothing", &[("accept", HTML)], 404),
        (Method::GET, "/nothing", &[], 404),
        (Method::GET, "/history/", &[], 308),
        (Method::GET, "/health", &[], 200),
        (Method::GET, "/connections", &[], 200),
        (Method::GET, "/stream?count=1&delay=0.1", &[], 200),
        (Method::GET, "/helloworld?text=Ice.", &[], 200),
        (Method::GET, &snapshot, &[], 200),
        (Method::GET, &events, &[], 200),
        (Method::GET, &ended, &[], 400),
        (Method::GET, "/api/nothing", &[], 404),
        (Method::PUT, "/health", &[], 405),
        (Method::POST, "/nothing", &[], 404),
        (Method::POST, "/api/generations", &[], 415),
        (Method::POST, "/fn/list", &[], 415),
        (Method::POST, "/api/generations", &[("origin", "https://page.example")], 403),
        (Method::GET, "/health", &[("host", "rebound.example")], 421),
        (Method::OPTIONS, "/api/generations", &[("access-control-request-method", "POST")], 200),
    ] {
        let answer = ask(&server, method.clone(), path, headers).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        assert_complete(&answer, path);
    }
    // Where the page's files are there, they say how long they may be kept.
    assert_complete(&open(&server, "/favicon.svg").await, "/favicon.svg");
    assert_complete(&server.client().delete(&snapshot).await, "DELETE");
}

#[tokio::test]
async fn whoever_finds_no_place_is_told_so_with_the_same_headers() {
    let server = launch().flag("max-connections", "1").start().await;
    let _held = server.client().open("/clock", &[]).await;
    let refused = ask(&server, Method::GET, "/health", &[]).await;
    assert_eq!(refused.status, 503);
    assert_complete(&refused, "503");
}

/// Language and theme are the reader's, and what is on it may be secret.
#[tokio::test]
async fn no_page_is_kept_by_anyone() {
    let server = launch().flag("cors-origins", "https://page.example").start().await;
    let id = server.client().start(TEXT).await;
    let page = format!("/g/{id}");
    for (path, status) in [
        ("/", 200),
        ("/?refused=no_room", 200),
        (page.as_str(), 200),
        ("/history", 200),
        ("/diagnostics", 200),
        ("/g/nobody", 404),
        ("/nothing", 404),
    ] {
        let answer = open(&server, path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
        assert_eq!(answer.headers.get_all("vary").iter().count(), 1, "{path}");
        let vary = answer.header("vary").to_lowercase();
        let varies: Vec<_> = vary.split(", ").collect();
        for name in ["cookie", "accept-language", "accept", "origin"] {
            assert!(varies.contains(&name), "{path}: {vary}");
        }
    }
}

#[tokio::test]
async fn no_answer_of_the_routes_is_kept_and_streams_say_what_they_always_did() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    let snapshot = format!("/api/generations/{id}");
    for path in ["/api/generations", &snapshot, "/connections", "/health", "/api/nothing"] {
        let answer = ask(&server, Method::GET, path, &[]).await;
        assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
    }
    for name in ["view", "look", "input"] {
        let request = server.client().request(Method::POST, &format!("/fn/{name}"));
        let request = request.header("content-type", "application/json");
        let body = json!({"id": id}).to_string();
        let answer = server.client().send(request.body(whole(body))).await;
        assert_eq!(answer.status, 200, "{name}");
        // A page whose script got what may not be stored is not put aside by browsers.
        assert_eq!(answer.header("cache-control"), "private, no-cache", "{name}");
    }
    let started = server.client().post("/api/generations", &json!({"text": TEXT})).await;
    assert_eq!(started.header("cache-control"), "private, no-store");
    for path in [format!("{snapshot}/events"), format!("{snapshot}/patches"), "/clock".to_owned()] {
        let stream = server.client().open(&path, &[]).await;
        assert_eq!(stream.header("cache-control"), "no-cache, no-transform", "{path}");
        assert_eq!(stream.header("x-accel-buffering"), "no", "{path}");
    }
}

/// The part of a page's policy that begins so.
fn directive<'a>(page: &'a Answer, name: &str) -> &'a str {
    let policy = page.header("content-security-policy");
    policy.split("; ").find(|part| part.starts_with(name)).unwrap()
}

#[tokio::test]
async fn no_style_applies_but_the_page_s_own_and_none_stands_in_its_html() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    for path in ["/", "/history", "/diagnostics", "/nothing", &format!("/g/{id}")] {
        let page = open(&server, path).await;
        assert_eq!(directive(&page, "style-src"), "style-src 'self'", "{path}");
        let html = page.text();
        assert!(html.contains("<link rel=\"stylesheet\""), "{path}");
        assert!(!html.contains(" style=\"") && !html.contains("<style"), "{path}: {html}");
        assert!(!html.contains(" onclick=") && !html.contains(" onload="), "{path}: {html}");
    }
}

#[tokio::test]
async fn only_those_embed_the_page_who_may() {
    for (setting, expected) in [
        (None, "'self'"),
        (Some("'none'"), "'none'"),
        (Some("none"), "'none'"),
        (Some("*"), "*"),
        (Some("self, https://Portal.example:443"), "'self' https://portal.example"),
        (
            Some("http://10.0.0.7:3000 https://*.example.org"),
            "http://10.0.0.7:3000 https://*.example.org",
        ),
    ] {
        let launch = match setting {
            Some(setting) => launch().flag("frame-ancestors", setting),
            None => launch(),
        };
        let server = launch.start().await;
        for path in ["/", "/history", "/nothing"] {
            let found = open(&server, path).await;
            let expected = format!("frame-ancestors {expected}");
            assert_eq!(directive(&found, "frame-ancestors"), expected, "{path}");
        }
    }
}
