use std::fs;

use test_support::{Exit, Launch};

use crate::stage::{KEY, builtin, launch};

/// The one line that the program says instead of starting.
fn line(exit: &Exit) -> &str {
    let lines: Vec<_> = exit.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "{}", exit.stderr);
    assert_eq!(exit.stdout, "");
    lines[0]
}

async fn refused(launch: Launch, says: &[&str]) {
    let exit = launch.run().await;
    let line = line(&exit);
    assert_eq!(exit.status.code(), Some(2), "{line}");
    for part in says {
        assert!(line.contains(part), "{part:?} is missing: {line}");
    }
    assert!(!line.contains(KEY), "{line}");
}

#[tokio::test]
async fn a_bad_setting_is_named_with_its_value_and_what_is_accepted() {
    for (flag, value, accepted) in [
        ("addr", "nowhere", "127.0.0.1:5001"),
        ("addr", "127.0.0.1:70000", "127.0.0.1:5001"),
        ("provider", "oracle", "auto, builtin, openai and ollama"),
        ("base-url", "ftp://models.example", "http://"),
        ("base-url", "models", "http://"),
        ("base-url", "https://models.example/v1?api-version=2", "without a query"),
        ("cors-origins", "page.example", "https://example.org"),
        ("cors-origins", "https://page.example/path", "https://example.org"),
        ("hosts", "https://unspool.example", "unspool.example"),
        ("frame-ancestors", "portal.example", "https://portal.example"),
        ("max-input-bytes", "4MB", "number of bytes"),
        ("max-input-bytes", "0", "from 1"),
        ("heartbeat-ms", "-5", "milliseconds from"),
        ("provider-timeout-ms", "soon", "milliseconds from"),
        ("max-running", "0", "from 1"),
        ("context-tokens", "8k", "number of tokens from 64"),
        ("context-tokens", "8", "number of tokens from 64"),
        ("log", "loud", "off, error, warn, info, debug and trace"),
        ("log", "engine=loud", "off, error, warn, info, debug and trace"),
    ] {
        let name = flag.to_uppercase().replace('-', "_");
        let by_flag = launch().env("UNSPOOL_API_KEY", KEY).flag(flag, value);
        refused(by_flag, &[&name, value, accepted]).await;
        let by_variable = launch().without(flag).env(&format!("UNSPOOL_{name}"), value);
        refused(by_variable, &[&name, value, accepted]).await;
    }
}

/// The entry is named, not the list; and what is a matter of spelling is mended.
#[tokio::test]
async fn an_origin_that_no_page_can_have_is_refused() {
    for entry in [
        "null",
        "*.example.org",
        "https://*.example.org",
        "https://*",
        "https://",
        "https:///page.example",
        "https:page.example",
        "https://page.example/",
        "https://page.example?a",
        "https://page.example#a",
        "https://page.example\\a",
        "https://page.example:70000",
        "https://page.example:http",
        "https://page example",
        "https://page.example;https://other.example",
        "https://[::1",
        "ftp://page.example",
        "ws://page.example",
        "htps://page.example",
        "file://page",
        "data://page",
        "//page.example",
    ] {
        let listed = format!("https://fine.example, {entry}");
        let says = ["UNSPOOL_CORS_ORIGINS", &format!("{entry:?}"), "https://example.org"];
        refused(launch().flag("cors-origins", &listed), &says).await;
    }
    let beside = launch().flag("cors-origins", "https://fine.example, *");
    refused(beside, &["UNSPOOL_CORS_ORIGINS", "\"*\"", "* alone"]).await;
    let login = launch().flag("cors-origins", &format!("https://me:{KEY}@page.example"));
    refused(login, &["UNSPOOL_CORS_ORIGINS", "login"]).await;
}

#[tokio::test]
async fn a_host_that_no_request_can_be_for_is_refused() {
    for entry in [
        "*",
        "*.example.org",
        "unspool.example:5001",
        "https://unspool.example",
        "unspool.example/a",
        "me@unspool.example",
        "unspool example",
        "unspool;example",
        "[::1]:5001",
        ".",
    ] {
        let says = ["UNSPOOL_HOSTS", &format!("{entry:?}"), "names such as unspool.example"];
        refused(launch().flag("hosts", &format!("fine.example, {entry}")), &says).await;
    }
}

#[tokio::test]
async fn what_can_embed_no_page_or_would_add_to_the_policy_is_refused() {
    for entry in [
        "portal.example",
        "https:",
        "https://portal.example/path",
        "https://*",
        "https://a.*.example",
        "https://portal.example:*",
        "https://portal.example;script-src",
        "https://[::1]",
        "app://portal",
        "ftp://portal.example",
        "'unsafe-inline'",
        "'self';",
    ] {
        let says = ["UNSPOOL_FRAME_ANCESTORS", &format!("{entry:?}"), "https://portal.example"];
        refused(launch().flag("frame-ancestors", entry), &says).await;
    }
    for listed in ["'none' https://portal.example", "'self', *"] {
        let says = ["UNSPOOL_FRAME_ANCESTORS", listed, "alone"];
        refused(launch().flag("frame-ancestors", listed), &says).await;
    }
}

#[tokio::test]
async fn a_flag_that_does_not_exist_is_refused() {
    refused(launch().flag("colour", "red"), &["--colour"]).await;
}

#[tokio::test]
async fn a_key_that_is_missing_is_asked_for() {
    refused(launch().flag("provider", "openai"), &["UNSPOOL_API_KEY"]).await;
}

#[tokio::test]
async fn a_key_that_can_be_none_is_refused_and_not_shown() {
    let key = format!("{KEY}\u{7f}");
    let launch = launch().flag("provider", "openai").env("UNSPOOL_API_KEY", &key);
    refused(launch, &["UNSPOOL_API_KEY"]).await;
}

#[tokio::test]
async fn a_blank_key_and_address_are_not_set() {
    for blank in ["", "  "] {
        let launch = launch().flag("provider", "auto").flag("base-url", blank);
        let launch = launch.flag("model", blank).env("UNSPOOL_API_KEY", blank);
        // Whatever was set would ask OpenAI, and lack a key.
        let server = launch.env("OLLAMA_HOST", "http://127.0.0.1:9").start().await;
        let id = server.client().start("A text.").await;
        assert_eq!(server.client().snapshot(&id).await["provider"], "ollama");
    }
}

#[tokio::test]
async fn serving_can_be_named_and_takes_the_same_settings() {
    let served = launch().subcommand("serve").flag("context-tokens", "4096").start().await;
    assert_eq!(served.client().get("/health").await.status, http::StatusCode::OK);
    let by_flag = launch().subcommand("serve").flag("max-running", "0");
    refused(by_flag, &["UNSPOOL_MAX_RUNNING", "\"0\"", "from 1"]).await;
    let by_variable = launch().subcommand("serve").env("UNSPOOL_STALL_MS", "never");
    refused(by_variable, &["UNSPOOL_STALL_MS", "\"never\"", "milliseconds from"]).await;
}

#[tokio::test]
async fn the_key_is_in_no_help() {
    let exit = launch().env("UNSPOOL_API_KEY", KEY).switch("help").run().await;
    assert!(exit.status.success());
    assert!(exit.stdout.contains("UNSPOOL_API_KEY") && exit.stdout.contains("licenses"));
    assert!(exit.stdout.contains("Long text in"), "{}", exit.stdout);
    assert!(!exit.stdout.contains(KEY), "{}", exit.stdout);
}

#[tokio::test]
async fn a_flag_goes_before_the_environment() {
    let server = launch().env("UNSPOOL_ADDR", "nonsense").start().await;
    assert_eq!(server.client().get("/health").await.status, http::StatusCode::OK);
}

#[tokio::test]
async fn a_variable_that_is_empty_is_not_set() {
    let launch = launch().without("addr").env("UNSPOOL_ADDR", "").env("UNSPOOL_MAX_RUNNING", "");
    let server = launch.flag("addr", "127.0.0.1:0").start().await;
    assert_eq!(server.client().get("/health").await.status, http::StatusCode::OK);
}

#[tokio::test]
async fn a_providers_own_variable_is_named_when_it_is_no_address() {
    let launch = launch().flag("provider", "ollama").env("OLLAMA_HOST", "ftp://models");
    refused(launch, &["OLLAMA_HOST", "ftp://models", "http://"]).await;
    // Its login is not shown.
    let launch = self::launch().flag("provider", "openai").env("OPENAI_API_KEY", "sk");
    refused(launch.env("OPENAI_BASE_URL", &format!("me:{KEY}@models")), &["login"]).await;
}

#[tokio::test]
async fn the_providers_own_variables_are_enough() {
    for (name, expected) in
        [("OPENAI_API_KEY", "openai"), ("ARK_API_KEY", "ark"), ("DASHSCOPE_API_KEY", "dashscope")]
    {
        // Nobody is asked: the proxy is not there.
        let launch = launch().flag("provider", "auto").env("HTTPS_PROXY", "http://127.0.0.1:9");
        let server = launch.env(name, KEY).start().await;
        let id = server.client().start("A text.").await;
        assert_eq!(server.client().snapshot(&id).await["provider"], expected);
        server.client().follow(&id, 0).await.rest().await;
        assert!(!server.stderr().so_far().contains(KEY));
    }
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_does_not_start() {
    let server = builtin().await;
    let exit = server.launch().run().await;
    assert!(line(&exit).contains("already in use by another server"), "{}", exit.stderr);
    assert!(!exit.status.success());
    assert_eq!(server.client().get("/health").await.status, http::StatusCode::OK);
}

#[tokio::test]
async fn an_address_that_is_taken_is_told() {
    let server = builtin().await;
    let address = server.address().to_string();
    let exit = launch().flag("addr", &address).run().await;
    assert!(line(&exit).contains(&address), "{}", exit.stderr);
    assert!(line(&exit).contains("UNSPOOL_ADDR"), "{}", exit.stderr);
    assert!(!exit.status.success());
}

#[tokio::test]
async fn a_folder_that_is_none_is_told_and_left_alone() {
    let launch = launch();
    fs::write(launch.data(), "mine").unwrap();
    let exit = launch.run().await;
    assert!(line(&exit).contains("data folder"), "{}", exit.stderr);
    assert!(!exit.status.success());
    assert_eq!(fs::read_to_string(launch.data()).unwrap(), "mine");
}

#[tokio::test]
async fn access_that_does_not_fit_stops_the_start() {
    let long = "0123456789abcdef";
    for (settings, says) in [
        (
            &[("access", "password")][..],
            &["UNSPOOL_ACCESS", "password", "token, browser or header:NAME"][..],
        ),
        (&[("access", "header:a b")], &["UNSPOOL_ACCESS", "header:Remote-User"]),
        (&[("addr", "0.0.0.0:0")], &["UNSPOOL_ACCESS", "open", "--allow-anonymous"]),
        (&[("access", "token")], &["UNSPOOL_TOKENS", "alice:TOKEN"]),
        (&[("access", "header:Remote-User")], &["UNSPOOL_TRUSTED_PROXIES", "10.0.0.0/8"]),
        (&[("trusted-proxies", "proxy.example")], &["UNSPOOL_TRUSTED_PROXIES", "proxy.example"]),
        (&[("tokens", "alice:short")], &["UNSPOOL_TOKENS", "alice", "16 to 256"]),
        (&[("tokens", long)], &["UNSPOOL_TOKENS", "entry 1", "a name, a colon and a token"]),
        (&[("tokens", ":0123456789abcdef")], &["UNSPOOL_TOKENS", "entry 1"]),
        (
            &[("tokens", "alice:0123456789abcdef,alice:another-long-token")],
            &["UNSPOOL_TOKENS", "alice", "each name is accepted once"],
        ),
        (
            &[("tokens", "alice:0123456789abcdef,bob:0123456789abcdef")],
            &["UNSPOOL_TOKENS", "alice and bob", "each token is accepted once"],
        ),
        (&[("tokens", "@/nowhere/tokens.txt")], &["UNSPOOL_TOKENS", "@/nowhere/tokens.txt"]),
        (&[("rate-per-minute", "-1")], &["UNSPOOL_RATE_PER_MINUTE", "0 to 100000"]),
        (&[("max-import-bytes", "0")], &["UNSPOOL_MAX_IMPORT_BYTES", "from 1"]),
    ] {
        let launch = settings.iter().fold(launch(), |it, (name, value)| it.flag(name, value));
        let exit = launch.run().await;
        let line = line(&exit);
        assert_eq!(exit.status.code(), Some(2), "{line}");
        assert!(!line.contains(long) && !line.contains("another-long-token"), "{line}");
        for part in says {
            assert!(line.contains(part), "{part:?} is missing: {line}");
        }
    }
    // On purpose, it is anybody's.
    let open = launch().flag("addr", "0.0.0.0:0").switch("allow-anonymous");
    let server = open.start().await;
    assert!(server.address().ip().is_unspecified());
}

#[tokio::test]
async fn tokens_may_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.txt");
    fs::write(&file, "# Who may come in\nalice:0123456789abcdef\n\nbob:fedcba9876543210\n")
        .unwrap();
    let server = launch()
        .flag("access", "token")
        .flag("tokens", &format!("@{}", file.display()))
        .start()
        .await;
    let request = server.client().request(http::Method::GET, "/api/generations");
    let request = request.header("authorization", "Bearer fedcba9876543210");
    let answer = server.client().send(request.body(test_support::whole(""))).await;
    assert_eq!(answer.status, 200);
}
