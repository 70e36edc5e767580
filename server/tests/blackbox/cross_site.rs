//! What another site's page can make a browser send without asking first, and what tells it.

use http::Method;
use serde_json::json;
use test_support::{Answer, Client, whole};

use crate::stage::{TEXT, begin, builtin, launch, played, problem};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:60.0) Gecko/20100101 Firefox/60.0";

async fn ask(client: Client, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = client.request(method, path).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.send(request.body(whole("{\"text\":\"Ice.\"}"))).await
}

/// What starts, stops or deletes something, and is refused before it is read.
fn changing(id: &str) -> Vec<(Method, String)> {
    vec![
        (Method::POST, "/api/generations".to_owned()),
        (Method::POST, format!("/api/generations/{id}/stop")),
        (Method::DELETE, format!("/api/generations/{id}")),
        (Method::POST, "/gpt/summary?content=Ice.".to_owned()),
        (Method::GET, "/gpt/summary?content=Ice.".to_owned()),
        (Method::GET, "/helloworld?text=Ice.".to_owned()),
        (Method::POST, "/fn/start".to_owned()),
        (Method::POST, "/fn/submit".to_owned()),
        (Method::POST, "/fn/stop".to_owned()),
        (Method::POST, "/fn/delete".to_owned()),
    ]
}

async fn listed(client: Client) -> usize {
    client.get("/api/generations").await.json()["generations"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_foreign_referer_is_enough_to_be_refused_whatever_the_method() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (id, _exchange) = begin(client, &mut upstream).await;
    for referer in ["http://page.example/a", "https://page.example", "http://localhost:1/"] {
        for (method, path) in changing(&id) {
            let answer = ask(client, method, &path, &[("referer", referer)]).await;
            let body = problem(&answer, 403, "forbidden");
            assert_eq!(body["field"], "Referer", "{path} from {referer}");
            assert_eq!(answer.header("location"), "", "{path} from {referer}");
        }
    }
    assert_eq!(client.snapshot(&id).await["status"], "running");
    assert_eq!(listed(client).await, 1);
}

#[tokio::test]
async fn a_page_of_the_server_s_own_is_told_by_its_referer() {
    let server = builtin().await;
    let own = format!("http://{}/history?query=a", server.address());
    for path in ["/api/generations", "/gpt/summary?content=Ice."] {
        for agent in [BROWSER, "curl/8.0"] {
            let headers = [("referer", own.as_str()), ("user-agent", agent)];
            let body = json!({"text": TEXT, "content": TEXT});
            let body = if path == "/api/generations" { json!({"text": TEXT}) } else { body };
            let answer = server.client().post_with(path, &body, &headers).await;
            assert!(answer.status.is_success(), "{path} by {agent}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_browser_that_says_nothing_of_its_page_changes_nothing() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (id, _exchange) = begin(client, &mut upstream).await;
    for (method, path) in changing(&id) {
        // A page that is no site's is as good as none.
        for headers in
            [&[("user-agent", BROWSER)][..], &[("user-agent", BROWSER), ("referer", "about:blank")]]
        {
            let answer = ask(client, method.clone(), &path, headers).await;
            let body = problem(&answer, 403, "forbidden");
            assert_eq!(body["field"], "User-Agent", "{path}");
            assert!(body["detail"].as_str().unwrap().contains("Origin"), "{body}");
        }
    }
    assert_eq!(client.snapshot(&id).await["status"], "running");
    assert_eq!(listed(client).await, 1);
}

#[tokio::test]
async fn it_may_read_and_start_once_it_says_something() {
    let server = builtin().await;
    let client = server.client();
    let own = format!("http://{}", server.address());
    let id = client.start(TEXT).await;
    for path in ["/".to_owned(), "/history".to_owned(), format!("/api/generations/{id}/events")] {
        let answer = ask(client, Method::GET, &path, &[("user-agent", BROWSER)]).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
    }
    for said in
        [("origin", own.as_str()), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none")]
    {
        let headers = [("user-agent", BROWSER), said];
        let started = ask(client, Method::POST, "/api/generations", &headers).await;
        assert_eq!(started.status, 201, "{said:?}");
        let started = ask(client, Method::GET, "/gpt/summary?content=Ice.", &headers).await;
        assert_eq!(started.status, 200, "{said:?}");
    }
}

#[tokio::test]
async fn scripts_say_nothing_and_start_what_they_like() {
    let server = builtin().await;
    for agent in ["curl/8.5.0", "python-requests/2.32", "Wget/1.21", "node", "My Mozilla/5.0"] {
        let headers = [("user-agent", agent)];
        let started = ask(server.client(), Method::POST, "/api/generations", &headers).await;
        assert_eq!(started.status, 201, "{agent}");
    }
}

#[tokio::test]
async fn where_any_site_may_call_it_need_not_say_which() {
    let server = launch().flag("cors-origins", "*").start().await;
    let headers = [("user-agent", BROWSER)];
    let started = ask(server.client(), Method::POST, "/api/generations", &headers).await;
    assert_eq!(started.status, 201);
}

/// Whatever browsers may come to say of a page beside what is known.
#[tokio::test]
async fn a_site_of_a_kind_that_is_not_known_is_foreign() {
    let server = builtin().await;
    for site in ["cross-site", "same-site", "sibling", ""] {
        let headers = [("sec-fetch-site", site)];
        let answer = ask(server.client(), Method::POST, "/api/generations", &headers).await;
        assert_eq!(problem(&answer, 403, "forbidden")["field"], "Sec-Fetch-Site", "{site:?}");
    }
}
