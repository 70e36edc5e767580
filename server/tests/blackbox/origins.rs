use http::{Method, StatusCode};
use serde_json::json;
use test_support::{Answer, Client, Launch, whole};

use crate::stage::{TEXT, begin, builtin, launch, played, problem};

const PAGE: &str = "https://page.example";

const ALLOWED: &str = "access-control-allow-origin";

fn listing(origins: &str) -> Launch {
    launch().flag("cors-origins", origins)
}

async fn create(client: Client, origin: &str) -> Answer {
    client.post_with("/api/generations", &json!({"text": TEXT}), &[("origin", origin)]).await
}

async fn stream_allows(client: Client, origin: &str) -> String {
    let id = client.start(TEXT).await;
    let path = format!("/api/generations/{id}/events");
    client.open(&path, &[("origin", origin)]).await.header(ALLOWED).to_owned()
}

async fn preflight(client: Client, method: &str, headers: &str) -> Answer {
    let request = client
        .request(Method::OPTIONS, "/api/generations")
        .header("origin", PAGE)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers);
    client.send(request.body(whole(""))).await
}

#[tokio::test]
async fn no_origin_is_allowed_unless_it_is_set() {
    let server = builtin().await;
    assert_eq!(create(server.client(), PAGE).await.header(ALLOWED), "");
    assert_eq!(stream_allows(server.client(), PAGE).await, "");
    let answer = preflight(server.client(), "POST", "content-type").await;
    assert_eq!(answer.header(ALLOWED), "");
}

#[tokio::test]
async fn the_listed_origins_are_allowed_and_no_other() {
    let server = listing("http://localhost:3000, https://page.example").start().await;
    for origin in [PAGE, "http://localhost:3000"] {
        let created = create(server.client(), origin).await;
        assert_eq!((created.status, created.header(ALLOWED)), (StatusCode::CREATED, origin));
        assert!(created.header("vary").to_lowercase().contains("origin"));
        assert_eq!(stream_allows(server.client(), origin).await, origin);
    }
    for origin in ["https://other.example", "http://page.example", "null"] {
        assert_eq!(create(server.client(), origin).await.header(ALLOWED), "", "{origin}");
        assert_eq!(stream_allows(server.client(), origin).await, "", "{origin}");
    }
}

#[tokio::test]
async fn any_origin_is_allowed_by_a_star() {
    let server = listing("*").start().await;
    assert_eq!(create(server.client(), PAGE).await.header(ALLOWED), "*");
    assert_eq!(stream_allows(server.client(), PAGE).await, "*");
}

#[tokio::test]
async fn problems_can_be_read_by_an_allowed_origin() {
    let server = listing(PAGE).start().await;
    let body = json!({"text": ""});
    let answer = server.client().post_with("/api/generations", &body, &[("origin", PAGE)]).await;
    problem(&answer, 422, "invalid_field");
    assert_eq!(answer.header(ALLOWED), PAGE);
}

#[tokio::test]
async fn a_browser_that_asks_first_is_told_what_it_may() {
    let server = listing(PAGE).start().await;
    for (method, headers) in [
        ("POST", "content-type,idempotency-key"),
        ("GET", "last-event-id"),
        ("DELETE", "content-type"),
    ] {
        let answer = preflight(server.client(), method, headers).await;
        assert_eq!((answer.status, answer.header(ALLOWED)), (StatusCode::OK, PAGE));
        assert!(answer.header("access-control-allow-methods").contains(method));
        let allowed = answer.header("access-control-allow-headers").to_lowercase();
        assert!(headers.split(',').all(|header| allowed.contains(header)), "{allowed}");
    }
}

#[tokio::test]
async fn the_form_of_another_site_is_refused() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (id, _exchange) = begin(client, &mut upstream).await;
    for path in ["/api/generations".to_owned(), format!("/api/generations/{id}/stop")] {
        let request = client
            .request(Method::POST, &path)
            .header("origin", PAGE)
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = client.send(request.body(whole("text=hello"))).await;
        assert_eq!(problem(&answer, 403, "forbidden")["field"], "Sec-Fetch-Site", "{path}");
    }
    let body = problem(&create(client, PAGE).await, 403, "forbidden");
    assert_eq!(body["field"], "Origin");
    assert_eq!(client.snapshot(&id).await["status"], "running");
}

/// An image or a link there is enough for a GET.
#[tokio::test]
async fn another_site_starts_nothing_by_a_get() {
    let server = listing("https://listed.example").start().await;
    let get = async |path: &str, origin: &str| {
        let request =
            server.client().request(Method::GET, path).header("sec-fetch-site", "cross-site");
        server.client().send(request.header("origin", origin).body(whole(""))).await
    };
    for path in ["/helloworld?text=Ice.", "/gpt/summary?content=Ice."] {
        problem(&get(path, PAGE).await, 403, "forbidden");
        assert_eq!(get(path, "https://listed.example").await.status, StatusCode::OK, "{path}");
    }
    let listed = server.client().get("/api/generations").await.json();
    assert_eq!(listed["generations"].as_array().unwrap().len(), 2);
}

/// Browsers say nothing else of a picture to an address in the local network.
#[tokio::test]
async fn nor_on_plain_http() {
    let server = listing("http://listed.example").start().await;
    let own = format!("http://{}/history", server.address());
    for (page, expected) in [
        ("http://page.example/a", StatusCode::FORBIDDEN),
        ("http://listed.example/a", StatusCode::OK),
        ("about:blank", StatusCode::OK),
        (&own, StatusCode::OK),
    ] {
        let request = server.client().request(Method::GET, "/gpt/summary?content=Ice.");
        let answer = server.client().send(request.header("referer", page).body(whole(""))).await;
        assert_eq!(answer.status, expected, "{page}");
    }
}

#[tokio::test]
async fn an_origin_is_listed_however_it_is_written() {
    for (listed, origin) in [
        ("https://Page.Example:443", PAGE),
        ("HTTPS://page.example:", PAGE),
        ("http://bücher.example:8080", "http://xn--bcher-kva.example:8080"),
        ("http://[0:0:0:0:0:0:0:1]:3000", "http://[::1]:3000"),
        ("chrome-extension://Abcdef", "chrome-extension://abcdef"),
        ("tauri://localhost", "tauri://localhost"),
    ] {
        let created = create(listing(listed).start().await.client(), origin).await;
        assert_eq!((created.status, created.header(ALLOWED)), (StatusCode::CREATED, origin));
    }
}
