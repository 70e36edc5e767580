//! Whose a request is, in every mode of access.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::{Answer, Client, Launch, Unspool, whole};

use crate::stage::{launch, problem};

const ALICE: &str = "alice-0123456789abcdef";
const BOB: &str = "bob-fedcba9876543210";

/// What only the one who wrote it may see.
const SECRET: &str = "quicksilver";

fn by_token() -> Launch {
    launch().flag("access", "token").flag("tokens", &format!("alice:{ALICE},bob:{BOB}"))
}

fn by_browser() -> Launch {
    launch().flag("access", "browser")
}

fn by_header() -> Launch {
    launch().flag("access", "header:Remote-User").flag("trusted-proxies", "127.0.0.1")
}

/// Someone who asks, and how they say who they are.
#[derive(Clone)]
struct Caller {
    client: Client,
    headers: Vec<(String, String)>,
}

impl Caller {
    fn new(server: &Unspool, headers: &[(&str, &str)]) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Self { client: server.client(), headers: headers.collect() }
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self.client.request(method, path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let body = match body {
            Some(json) => {
                request = request.header("content-type", "application/json");
                json.to_string()
            }
            None => String::new(),
        };
        self.client.send(request.body(whole(body))).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }
}

/// Two who have nothing to do with each other, in each mode that has several spaces.
async fn each_mode() -> Vec<(&'static str, Unspool, Caller, Caller)> {
    let mut modes = Vec::new();
    let server = by_token().start().await;
    let bearer = |token: &str| format!("Bearer {token}");
    let mine = Caller::new(&server, &[("authorization", &bearer(ALICE))]);
    let other = Caller::new(&server, &[("authorization", &bearer(BOB))]);
    modes.push(("token", server, mine, other));
    let server = by_browser().start().await;
    let mine = Caller::new(&server, &[("cookie", &browser_cookie(&server).await)]);
    let other = Caller::new(&server, &[("cookie", &browser_cookie(&server).await)]);
    modes.push(("browser", server, mine, other));
    let server = by_header().start().await;
    let mine = Caller::new(&server, &[("remote-user", "alice")]);
    let other = Caller::new(&server, &[("remote-user", "bob")]);
    modes.push(("header", server, mine, other));
    modes
}

async fn browser_cookie(server: &Unspool) -> String {
    let page = server.client().get("/api/generations").await;
    page.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// The ids of all kinds of things that someone has.
struct Things {
    generation: String,
    conversation: String,
    message: String,
    reply: String,
    persona: String,
    share: String,
}

impl Things {
    async fn made_by(caller: &Caller) -> Self {
        let text = format!("The {SECRET} glacier melts. It has melted for years.");
        let generation = caller.post("/api/generations", &json!({"text": text})).await.json();
        let generation = generation["id"].as_str().unwrap().to_owned();
        caller.get(&format!("/api/generations/{generation}/events")).await;
        let content = format!("What of {SECRET}?");
        let turn = json!({"content": content, "generation_id": generation});
        let turn = caller.post("/api/conversations/send", &turn).await.json();
        let id = |name: &str| turn[name].as_str().unwrap().to_owned();
        caller.get(&format!("/api/generations/{}/events", id("reply_id"))).await;
        // The model gives it a title once the reply is there.
        let path = format!("/api/conversations/{}", id("conversation_id"));
        while caller.get(&path).await.json()["title"] == content {
            tokio::task::yield_now().await;
        }
        let persona = caller.post("/api/personas", &json!({"name": SECRET})).await.json();
        let share =
            caller.post(&format!("/api/generations/{generation}/share"), &json!({})).await.json();
        Self {
            conversation: id("conversation_id"),
            message: id("message_id"),
            reply: id("reply_id"),
            generation,
            persona: persona["id"].as_str().unwrap().to_owned(),
            share: share["id"].as_str().unwrap().to_owned(),
        }
    }

    fn all(&self) -> [&str; 6] {
        let Self { generation, conversation, message, reply, persona, share } = self;
        [generation, conversation, message, reply, persona, share]
    }
}

/// A path of the router with this id in all of its places.
fn filled(path: &str, id: &str) -> String {
    let filled = path.split('/').map(|part| match part {
        "{n}" => "1",
        part if part.starts_with('{') => id,
        part => part,
    });
    filled.collect::<Vec<_>>().join("/")
}

/// Every route of the router, with every id of another space, by every method: nothing is found,
/// nothing is shown, and nothing has changed afterwards.
#[tokio::test]
async fn another_space_s_ids_are_nowhere() {
    let paths = server::route_paths();
    assert!(paths.iter().any(|path| path == "/api/generations/{id}/events"), "{paths:?}");
    for (mode, _server, mine, other) in each_mode().await {
        let things = Things::made_by(&mine).await;
        let before = seen(&mine, &things).await;
        for path in paths.iter().filter(|path| path.contains("{") && !path.starts_with("/s/")) {
            for id in things.all() {
                let path = filled(path, id);
                for method in
                    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE]
                {
                    let body = (method != Method::GET).then(|| json!({}));
                    let answer = other.send(method.clone(), &path, body.as_ref()).await;
                    let what =
                        format!("{mode}: {method} {path}: {} {}", answer.status, answer.text());
                    let is_hidden = matches!(answer.status.as_u16(), 404 | 405 | 422);
                    assert!(is_hidden && !answer.text().contains(SECRET), "{what}");
                }
            }
        }
        assert_eq!(seen(&mine, &things).await, before, "{mode}");
    }
}

/// What the owner sees of each thing.
async fn seen(caller: &Caller, things: &Things) -> Vec<String> {
    let mut seen = Vec::new();
    for path in [
        format!("/api/generations/{}", things.generation),
        format!("/api/generations/{}/events", things.generation),
        format!("/api/generations/{}", things.reply),
        format!("/api/conversations/{}", things.conversation),
        format!("/api/personas/{}", things.persona),
        "/api/shares".to_owned(),
    ] {
        let answer = caller.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        seen.push(answer.text());
    }
    seen
}

/// Lists, searches, exports and streams show nothing of another space, and what names one of its
/// things in a body or a query finds nothing.
#[tokio::test]
async fn what_needs_no_id_shows_nothing_of_another_space() {
    for (mode, _server, mine, other) in each_mode().await {
        let things = Things::made_by(&mine).await;
        for path in [
            "/api/generations",
            "/api/generations?query=quicksilver",
            "/api/conversations?query=quicksilver",
            "/api/personas",
            "/api/shares",
            "/api/export",
            "/api/export?format=markdown",
            "/history",
            "/chat",
            "/personas",
        ] {
            let answer = other.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{mode}: {path}");
            let text = answer.text();
            let has = |id: &&str| text.contains(*id);
            assert!(!things.all().iter().any(has), "{mode}: {path}: {text}");
            // The page of a search repeats what was searched for.
            assert!(path.starts_with('/') && !text.contains("The quicksilver"), "{mode}: {path}");
        }
        for (path, body) in [
            (
                "/api/conversations/send",
                json!({"content": "x", "conversation_id": things.conversation}),
            ),
            (
                "/api/conversations/send",
                json!({"content": "x", "generation_id": things.generation}),
            ),
            ("/api/conversations/send", json!({"content": "x", "persona_id": things.persona})),
            (
                "/api/v1/digital-humans/train/stream",
                json!({"digital_human_id": things.persona, "message": "x"}),
            ),
        ] {
            let answer = other.post(path, &body).await;
            assert!([404, 422].contains(&answer.status.as_u16()), "{mode}: {path} {body}");
        }
        for id in things.all() {
            assert_eq!(other.get(&format!("/api/export?id={id}")).await.status, 404, "{mode}");
            for page in ["g", "chat", "personas"] {
                let answer = other.get(&format!("/{page}/{id}")).await;
                assert!(!answer.text().contains(SECRET), "{mode}: /{page}/{id}");
            }
        }
    }
}

/// The page's own calls, each with all arguments that any of them takes.
#[tokio::test]
async fn the_page_s_own_calls_find_nothing_of_another_space() {
    let calls = server::function_paths();
    assert!(calls.iter().any(|path| path == "/fn/view"), "{calls:?}");
    for (mode, _server, mine, other) in each_mode().await {
        let things = Things::made_by(&mine).await;
        let before = seen(&mine, &things).await;
        for path in &calls {
            for id in things.all() {
                let body = json!({
                    "id": id, "conversation_id": id, "message_id": id, "version": 1,
                    "query": SECRET, "before": null, "key": null,
                    "turn": {"content": "x", "conversation_id": id},
                    "change": {"title": "x"}, "persona": {"name": "x"},
                    "request": {"text": ""},
                });
                let answer = other.post(path, &body).await;
                let text = answer.text();
                assert!(!text.contains("glacier"), "{mode}: {path}: {text}");
            }
        }
        assert_eq!(seen(&mine, &things).await, before, "{mode}");
    }
}

#[tokio::test]
async fn whoever_does_not_say_who_they_are_gets_401_or_the_login_page() {
    // Files of the page, whether or not it has been built.
    let public = concat!(env!("CARGO_MANIFEST_DIR"), "/../public");
    for launch in [by_token(), by_header()] {
        let server = launch.env("LEPTOS_SITE_ROOT", public).start().await;
        let nobody = Caller::new(&server, &[]);
        let browser = Caller::new(&server, &[("accept", "text/html,*/*")]);
        for path in server::route_paths() {
            let path = filled(&path, "some");
            if matches!(path.as_str(), "/health" | "/login" | "/logout") || path.starts_with("/s/")
            {
                continue;
            }
            let answer = nobody.get(&path).await;
            problem(&answer, 401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{path}");
            problem(&nobody.post(&path, &json!({})).await, 401, "unauthorized");
        }
        for path in ["/", "/history", "/g/some", "/nothing"] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
            assert!(page.text().contains("<h1"), "{path}");
        }
        assert_eq!(nobody.get("/health").await.status, StatusCode::OK);
        assert_eq!(nobody.get("/favicon.svg").await.status, StatusCode::OK);
        assert_eq!(browser.get("/s/nobody").await.status, StatusCode::NOT_FOUND);
        problem(
            &nobody.post("/fn/list", &json!({"query": "", "before": null})).await,
            401,
            "unauthorized",
        );
    }
}

async fn log_in(server: &Unspool, token: &str, next: &str) -> Answer {
    let form = url_encoded(&[("token", token), ("next", next)]);
    let request = server
        .client()
        .request(Method::POST, "/login")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(whole(form));
    server.client().send(request).await
}

fn url_encoded(fields: &[(&str, &str)]) -> String {
    let encoded =
        |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let fields = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    fields.collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn a_token_is_exchanged_for_a_cookie_until_one_logs_out() {
    let server = by_token().start().await;
    let page = log_in(&server, ALICE, "/history?query=x").await;
    assert_eq!((page.status.as_u16(), page.header("location")), (303, "/history?query=x"));
    let set = page.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Secure") && !set.contains(ALICE), "{set}");
    let cookie = set.split(';').next().unwrap();
    let mine = Caller::new(&server, &[("cookie", cookie), ("accept", "text/html")]);
    mine.post("/api/generations", &json!({"text": "Mine."})).await;
    let script = Caller::new(&server, &[("authorization", &format!("Bearer {ALICE}"))]);
    let listed = script.get("/api/generations").await.json();
    assert_eq!(listed["generations"].as_array().unwrap().len(), 1, "it is the same space");
    assert!(mine.get("/history").await.text().contains("Log out"));

    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""] {
        assert_eq!(log_in(&server, ALICE, next).await.header("location"), "/", "{next}");
    }
    let out = mine.send(Method::POST, "/logout", None).await;
    assert_eq!(out.status.as_u16(), 303);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(mine.get("/api/generations").await.status, 401, "the cookie is worth nothing now");
}

#[tokio::test]
async fn a_session_outlives_the_server_but_not_its_token() {
    let server = by_token().start().await;
    let page = log_in(&server, ALICE, "/").await;
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    let launch = server.kill().await;
    let server = launch.clone().start().await;
    let status = async |server: &Unspool| {
        Caller::new(server, &[("cookie", &cookie)]).get("/api/generations").await.status
    };
    assert_eq!(status(&server).await, StatusCode::OK);
    let launch = server.kill().await;
    let server = launch.flag("tokens", "alice:another-token-of-hers").start().await;
    assert_eq!(status(&server).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn tokens_are_nowhere_to_be_read_and_wrong_ones_slow_down() {
    let server = by_token().flag("log", "trace").start().await;
    log_in(&server, ALICE, "/").await;
    let wrong = "a-wrong-token-of-somebody";
    let mut last = None;
    for _ in 0..8 {
        let page = log_in(&server, wrong, "/").await;
        assert!(!page.text().contains(wrong));
        last = Some(page);
    }
    let last = last.unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
    let script = Caller::new(&server, &[("authorization", &format!("Bearer {ALICE}"))]);
    let refused = script.get("/api/generations").await;
    problem(&refused, 429, "limit_reached");
    let log = server.stderr().so_far();
    assert!(!log.contains(ALICE) && !log.contains(wrong), "{log}");
    let launch = server.kill().await;
    for file in std::fs::read_dir(launch.data()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let has = |token: &str| bytes.windows(token.len()).any(|it| it == token.as_bytes());
        assert!(!has(ALICE));
    }
}

#[tokio::test]
async fn a_cookie_is_for_https_where_the_page_is() {
    let server = by_browser().start().await;
    let caller = Caller::new(&server, &[("x-forwarded-proto", "https")]);
    assert!(caller.get("/").await.header("set-cookie").contains("; Secure"));
    let first = Caller::new(&server, &[]).get("/").await;
    let set = first.header("set-cookie");
    assert!(set.contains("HttpOnly; SameSite=Lax") && !set.contains("Secure"), "{set}");
    let cookie = set.split(';').next().unwrap();
    let again = Caller::new(&server, &[("cookie", cookie)]).get("/").await;
    assert_eq!(again.header("set-cookie"), "");
    let forged = Caller::new(&server, &[("cookie", "unspool_browser=local")]).get("/").await;
    assert!(forged.header("set-cookie").contains("unspool_browser="));
}

#[tokio::test]
async fn a_user_is_believed_from_listed_proxies_only() {
    let server = by_header().flag("trusted-proxies", "10.0.0.0/8").start().await;
    let caller = Caller::new(&server, &[("remote-user", "alice")]);
    problem(&caller.get("/api/generations").await, 401, "unauthorized");
    let server = by_header().start().await;
    for headers in
        [vec![], vec![("remote-user", "")], vec![("remote-user", "a"), ("remote-user", "b")]]
    {
        let caller = Caller::new(&server, &headers);
        problem(&caller.get("/api/generations").await, 401, "unauthorized");
    }
    let caller = Caller::new(&server, &[("remote-user", "zoe@example.org")]);
    assert_eq!(caller.get("/api/generations").await.status, StatusCode::OK);
}

#[tokio::test]
async fn limits_are_by_space() {
    let server = by_token().flag("rate-per-minute", "5").start().await;
    let bearer =
        |token: &str| Caller::new(&server, &[("authorization", &format!("Bearer {token}"))]);
    for _ in 0..5 {
        assert_eq!(bearer(ALICE).get("/api/generations").await.status, StatusCode::OK);
    }
    let refused = bearer(ALICE).get("/api/generations").await;
    problem(&refused, 429, "limit_reached");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(bearer(BOB).get("/api/generations").await.status, StatusCode::OK);

    let server = by_token().flag("bytes-per-space", "100").start().await;
    let bearer =
        |token: &str| Caller::new(&server, &[("authorization", &format!("Bearer {token}"))]);
    let start = async |token: &str| {
        let body = json!({"text": "It melts slowly. ".repeat(20)});
        let started = bearer(token).post("/api/generations", &body).await;
        if started.status == StatusCode::CREATED {
            let id = started.json()["id"].as_str().unwrap().to_owned();
            bearer(token).get(&format!("/api/generations/{id}/events")).await;
        }
        started
    };
    assert_eq!(start(ALICE).await.status, StatusCode::CREATED);
    problem(&start(ALICE).await, 429, "limit_reached");
    assert_eq!(start(BOB).await.status, StatusCode::CREATED);
}

/// Not even where any origin may call.
#[tokio::test]
async fn no_site_speaks_for_a_reader() {
    let bearer = format!("Bearer {ALICE}");
    for launch in [by_token(), by_browser(), by_header(), launch()] {
        let server = launch.start().await;
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("referer", "https://evil.example/page"),
            ("user-agent", "Mozilla/5.0"),
        ] {
            let caller = Caller::new(&server, &[(name, value), ("remote-user", "alice")]);
            for path in ["/api/generations", "/api/import", "/login", "/logout", "/fn/delete"] {
                problem(&caller.post(path, &json!({})).await, 403, "forbidden");
            }
        }
    }
    let origin = ("origin", "https://evil.example");
    for launch in [by_token(), by_browser(), by_header()] {
        let server = launch.flag("cors-origins", "*").start().await;
        let caller = Caller::new(&server, &[origin, ("remote-user", "alice")]);
        problem(&caller.post("/api/generations", &json!({"text": "x"})).await, 403, "forbidden");
    }
    let server = by_token().flag("cors-origins", "*").start().await;
    let script = Caller::new(&server, &[origin, ("authorization", &bearer)]);
    let started = script.post("/api/generations", &json!({"text": "Some text."})).await;
    assert_eq!(started.status, StatusCode::CREATED);
}
