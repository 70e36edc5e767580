use http::{Method, StatusCode};
use serde_json::json;
use test_support::{Answer, Unspool, whole};

use crate::stage::{TEXT, ask_raw, builtin, launch, problem};

const GOT: [&str; 20] = [
    "/",
    "/g/some",
    "/history",
    "/history/",
    "/diagnostics",
    "/nothing",
    "/favicon.svg",
    "/pkg/unspool.js",
    "/health",
    "/connections",
    "/stream",
    "/stream-sse",
    "/clock",
    "/helloworld",
    "/gpt/summary?content=Ice.",
    "/api/generations",
    "/api/generations/some",
    "/api/generations/some/events",
    "/api/generations/some/patches",
    "/api/nothing",
];

const POSTED: [&str; 7] = [
    "/api/generations",
    "/api/generations/some/stop",
    "/gpt/summary?content=Ice.",
    "/fn/start",
    "/fn/list",
    "/fn/nothing",
    "/health",
];

async fn ask(server: &Unspool, method: Method, path: &str, host: &str) -> Answer {
    let request = server.client().request(method, path).header("host", host);
    let request = request.header("content-type", "application/json");
    server.client().send(request.body(whole(json!({"text": TEXT}).to_string()))).await
}

async fn health(server: &Unspool, host: &str) -> Answer {
    ask(server, Method::GET, "/health", host).await
}

/// Whoever owns a name can point it at this machine, and be one site with it to a browser.
#[tokio::test]
async fn nothing_is_answered_for_a_foreign_host() {
    let server = builtin().await;
    let got = GOT.map(|path| (Method::GET, path));
    let posted = POSTED.map(|path| (Method::POST, path));
    let others = [(Method::DELETE, "/api/generations/some"), (Method::OPTIONS, "/api/generations")];
    for (method, path) in got.into_iter().chain(posted).chain(others) {
        let answer = ask(&server, method, path, "rebound.example:5001").await;
        let body = problem(&answer, 421, "misdirected");
        assert_eq!(
            (&body["field"], &body["title"]),
            (&json!("Host"), &json!("Misdirected Request"))
        );
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.contains("UNSPOOL_HOSTS"), "{path}: {detail}");
        assert!(detail.contains("`rebound.example`"), "{path}: {detail}");
    }
    assert_eq!(ask(&server, Method::HEAD, "/health", "rebound.example").await.status, 421);
    let listed = server.client().get("/api/generations").await.json();
    assert_eq!(listed["generations"], json!([]));
}

#[tokio::test]
async fn addresses_and_localhost_are_answered_for_whatever_the_port() {
    let server = builtin().await;
    for host in [
        "127.0.0.1",
        "192.168.1.20:5001",
        "[::1]",
        "[::1]:5001",
        "[2001:DB8::7]:80",
        "localhost",
        "localhost:1",
        "localhost:",
        "LocalHost:5001",
        "localhost.:5001",
    ] {
        assert_eq!(health(&server, host).await.status, StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn what_only_looks_like_them_is_foreign() {
    let server = builtin().await;
    for host in [
        "localhost.rebound.example",
        "rebound.localhost",
        "127.0.0.1.rebound.example",
        "127-0-0-1.rebound.example",
        "mylocalhost",
        "localhost..",
        "here",
        "unspool.example",
    ] {
        problem(&health(&server, host).await, 421, "misdirected");
    }
}

#[tokio::test]
async fn listed_names_are_answered_for_and_nothing_below_them() {
    let server =
        launch().flag("hosts", "Unspool.Example, reader.lan.,,bücher.example").start().await;
    for host in [
        "unspool.example",
        "UNSPOOL.example:8443",
        "unspool.example.",
        "reader.lan",
        "reader.lan.:80",
        "xn--bcher-kva.example",
        "localhost",
        "127.0.0.1",
    ] {
        assert_eq!(health(&server, host).await.status, StatusCode::OK, "{host}");
    }
    for host in ["a.unspool.example", "example", "notunspool.example", "unspool.example.org"] {
        problem(&health(&server, host).await, 421, "misdirected");
    }
}

#[tokio::test]
async fn the_variable_lists_names_as_the_flag_does() {
    let server = launch().env("UNSPOOL_HOSTS", "unspool.example").start().await;
    assert_eq!(health(&server, "unspool.example").await.status, StatusCode::OK);
}

/// Anyone can write it, and only some proxies take it away.
#[tokio::test]
async fn what_is_said_to_have_been_forwarded_is_not_believed() {
    let server = launch().flag("hosts", "unspool.example").start().await;
    let ask = async |host: &str, name: &str, value: &str| {
        let request = server.client().request(Method::GET, "/health").header("host", host);
        server.client().send(request.header(name, value).body(whole(""))).await
    };
    for (name, own, foreign) in [
        ("forwarded", "host=unspool.example", "host=rebound.example"),
        ("x-forwarded-host", "unspool.example", "rebound.example"),
        ("x-host", "localhost", "rebound.example"),
    ] {
        problem(&ask("rebound.example", name, own).await, 421, "misdirected");
        assert_eq!(ask("unspool.example", name, foreign).await.status, StatusCode::OK, "{name}");
    }
}

/// As clients send it to a proxy; it goes before `Host`, and must be as good.
#[tokio::test]
async fn a_target_that_is_a_whole_address_is_checked_as_well() {
    let server = builtin().await;
    let ask = async |target: &str, host: &str| {
        let head = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        ask_raw(&server, &head).await
    };
    let own = ask("http://localhost:5001/health", "127.0.0.1").await;
    assert_eq!(own.status, StatusCode::OK, "{own:?}");
    problem(&ask("http://rebound.example/health", "127.0.0.1").await, 421, "misdirected");
    problem(&ask("http://127.0.0.1/health", "rebound.example").await, 421, "misdirected");
    problem(&ask("http://me@127.0.0.1/health", "127.0.0.1").await, 400, "invalid_parameter");
}

#[tokio::test]
async fn a_host_that_is_missing_doubled_or_none_is_a_problem_400() {
    let server = builtin().await;
    for hosts in [
        "",
        "host:\r\n",
        "host: localhost\r\nhost: localhost\r\n",
        "host: localhost\r\nhost: rebound.example\r\n",
        "host: localhost, rebound.example\r\n",
        "host: me@localhost\r\n",
        "host: rebound.example/@localhost\r\n",
        "host: localhost/\r\n",
        "host: localhost:http\r\n",
        "host: localhost:70000\r\n",
        "host: ::1\r\n",
        "host: [::1\r\n",
        "host: local host\r\n",
        "host: http://localhost\r\n",
    ] {
        for version in ["1.1", "1.0"] {
            let head = format!("GET /health HTTP/{version}\r\n{hosts}connection: close\r\n\r\n");
            let body = problem(&ask_raw(&server, &head).await, 400, "invalid_parameter");
            assert_eq!(body["field"], "Host", "{hosts:?}");
        }
    }
}

/// A page is the server's own when its origin is a host that was answered for.
#[tokio::test]
async fn the_origin_is_compared_with_the_host_as_browsers_write_both() {
    let server = launch().flag("hosts", "unspool.example").start().await;
    for (host, origin, status) in [
        ("unspool.example", "http://unspool.example", 201),
        ("unspool.example", "https://unspool.example", 201),
        ("unspool.example:443", "https://unspool.example", 201),
        ("UNSPOOL.example", "http://unspool.example", 201),
        ("[::1]:5001", "http://[::1]:5001", 201),
        ("unspool.example:5001", "http://unspool.example", 403),
        ("unspool.example", "http://unspool.example:5001", 403),
        ("localhost:5001", "http://localhost:5002", 403),
        ("localhost:5001", "http://127.0.0.1:5001", 403),
        ("localhost:5001", "null", 403),
        ("rebound.example", "http://rebound.example", 421),
    ] {
        let request = server.client().request(Method::POST, "/api/generations");
        let request = request.header("host", host).header("origin", origin);
        let request = request.header("content-type", "application/json");
        let answer = server.client().send(request.body(whole("{\"text\":\"Ice.\"}"))).await;
        assert_eq!(answer.status, status, "{origin} at {host}");
    }
    let whole_address = "POST http://localhost:5001/api/generations HTTP/1.1\r\nhost: 127.0.0.1\r\n\
                         content-type: application/json\r\ncontent-length: 15\r\nconnection: close";
    for (origin, status) in [("http://localhost:5001", 201), ("http://127.0.0.1", 403)] {
        let request = format!("{whole_address}\r\norigin: {origin}\r\n\r\n{{\"text\":\"Ice.\"}}");
        assert_eq!(ask_raw(&server, &request).await.status, status, "{origin}");
    }
}
