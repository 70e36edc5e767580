//! The page's server functions, as anyone may call them.

use http::{Method, StatusCode};
use serde_json::json;
use test_support::{Answer, Unspool, whole};

use crate::stage::{TEXT, builtin, launch, problem};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

async fn call(
    server: &Unspool,
    name: &str,
    media_type: &str,
    body: impl Into<bytes::Bytes>,
) -> Answer {
    let request = server.client().request(Method::POST, &format!("/fn/{name}"));
    let request = request.header("content-type", media_type);
    server.client().send(request.body(whole(body))).await
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_a_problem_400() {
    let server = builtin().await;
    let bodies: [(&str, &str, &[u8], &str); 14] = [
        ("start", JSON, b"", ""),
        ("start", JSON, b"{", ""),
        ("start", JSON, b"\xff", ""),
        ("start", JSON, b"{}", "request"),
        ("start", JSON, b"{\"request\":{\"text\":5},\"key\":null}", ""),
        ("start", JSON, b"{\"request\":{\"text\":\"a\",\"length\":\"huge\"}}", ""),
        ("start", FORM, b"request=a", ""),
        ("submit", FORM, b"text=a", "language"),
        ("submit", FORM, b"text=a&language=tlh&length=short", ""),
        ("submit", FORM, b"text=%ff&language=en&length=short", ""),
        ("stop", JSON, b"{}", "id"),
        ("view", FORM, b"id=a", ""),
        ("list", JSON, b"{\"before\":\"a\"}", "query"),
        ("delete", JSON, b"\xff\xfe", ""),
    ];
    for (name, media_type, body, field) in bodies {
        // As the page asks, as a script does, and as a form does.
        for accepted in ["application/json", "*/*", "text/html"] {
            let request = server.client().request(Method::POST, &format!("/fn/{name}"));
            let request = request.header("content-type", media_type).header("accept", accepted);
            let answer = server.client().send(request.body(whole(body.to_vec()))).await;
            let found = problem(&answer, 400, "malformed_body");
            assert!(field.is_empty() || found["field"] == field, "{name}: {found}");
            assert_eq!(answer.header("location"), "", "{name}");
        }
    }
}

#[tokio::test]
async fn a_body_of_another_kind_is_a_problem_415() {
    let server = builtin().await;
    let body = json!({"request": {"text": TEXT}, "key": null}).to_string();
    for media_type in ["text/plain", "multipart/form-data; boundary=a", "application/xml", ""] {
        let answer = call(&server, "start", media_type, body.clone()).await;
        let found = problem(&answer, 415, "unsupported_media_type");
        assert_eq!(found["field"], "Content-Type", "{media_type}");
    }
    let answer = call(&server, "start", "Application/JSON; charset=utf-8", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn a_function_that_is_not_there_is_a_problem() {
    let server = builtin().await;
    for name in ["nothing", "", "start/", "START", "../fn/nothing"] {
        problem(&call(&server, name, FORM, "").await, 404, "not_found");
    }
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let request = server.client().request(method, "/fn/start").body(whole(""));
        problem(&server.client().send(request).await, 405, "method_not_allowed");
    }
}

#[tokio::test]
async fn what_the_server_refuses_is_a_problem_as_on_its_routes() {
    let server = builtin().await;
    problem(&call(&server, "view", JSON, r#"{"id":"nobody"}"#).await, 404, "not_found");
    problem(&call(&server, "delete", JSON, r#"{"id":"nobody"}"#).await, 404, "not_found");
    let blank = json!({"request": {"text": " "}, "key": null}).to_string();
    let answer = call(&server, "start", JSON, blank).await;
    assert_eq!(problem(&answer, 422, "invalid_field")["field"], "text");
}

/// Whoever takes HTML gets a redirect, which Leptos takes from the `Referer`.
#[tokio::test]
async fn a_form_leads_back_to_a_page_of_the_server_s_own_and_nowhere_else() {
    let server = launch().flag("cors-origins", "*").start().await;
    let id = server.client().start(TEXT).await;
    let own = format!("http://{}", server.address());
    let lead = async |referer: Option<&str>| {
        let mut request = server.client().request(Method::POST, "/fn/stop");
        request = request.header("content-type", JSON).header("accept", "text/html,*/*;q=0.8");
        if let Some(referer) = referer {
            request = request.header("referer", referer);
        }
        let body = json!({"id": id}).to_string();
        let answer = server.client().send(request.body(whole(body))).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{referer:?}");
        assert_eq!(answer.headers.get_all("location").iter().count(), 1, "{referer:?}");
        answer.header("location").to_owned()
    };
    assert_eq!(lead(None).await, "/");
    assert_eq!(lead(Some(&format!("{own}/history?query=a%20b#c"))).await, "/history?query=a%20b");
    assert_eq!(lead(Some(&own)).await, "/");
    for foreign in [
        "https://page.example/a".to_owned(),
        "http://localhost:1/a".to_owned(),
        format!("{own}@page.example/"),
        format!("{own}//page.example/"),
        format!("{own}/\\page.example/"),
        format!("{own}.page.example/"),
        "//page.example".to_owned(),
        "/history".to_owned(),
        "javascript:alert(1)".to_owned(),
        "about:blank".to_owned(),
    ] {
        assert_eq!(lead(Some(&foreign)).await, "/", "{foreign}");
    }
}

#[tokio::test]
async fn a_form_leads_on_to_what_it_has_started() {
    let server = builtin().await;
    let submit = async |text: &str| {
        let request = server.client().request(Method::POST, "/fn/submit");
        let request = request.header("content-type", FORM).header("accept", "text/html");
        let request = request.header("referer", format!("http://{}/", server.address()));
        let body = format!("text={text}&language=auto&length=short");
        let answer = server.client().send(request.body(whole(body))).await;
        assert_eq!(answer.status, StatusCode::FOUND);
        answer.header("location").to_owned()
    };
    let page = submit("Ice.").await;
    let id = page.strip_prefix("/g/").unwrap();
    assert_eq!(server.client().snapshot(id).await["id"], id);
    assert_eq!(submit("").await, "/?refused=invalid_field");
}
