//! Whose key goes where, and that it comes back from nowhere.

use serde_json::json;
use test_support::{Exit, Launch, Unspool, Upstream};
use tokio::{io::AsyncReadExt, net::TcpListener};

use crate::stage::{KEY, TEXT, begin, last, launch};

/// A key of the user's own, beside the one that the surroundings hold.
const OWN: &str = "sk-my-own-one";

/// Settings alone say who answers.
fn unset() -> Launch {
    launch().without("provider").env("UNSPOOL_MODEL", "small")
}

/// The head of the request that reaches the provider.
async fn asked(launch: Launch, upstream: &mut Upstream) -> String {
    let server = launch.start().await;
    let (_, exchange) = begin(server.client(), upstream).await;
    exchange.head.clone()
}

fn bearer(head: &str) -> Option<&str> {
    let (name, value) = head.lines().find_map(|line| {
        line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
    })?;
    assert!(!name.is_empty());
    value.strip_prefix("Bearer ")
}

#[tokio::test]
async fn a_presets_key_is_not_sent_to_another_address() {
    let mut upstream = Upstream::start().await;
    for name in ["OPENAI_API_KEY", "ARK_API_KEY", "DASHSCOPE_API_KEY"] {
        for provider in ["auto", "openai", "ollama"] {
            let launch = unset().env("UNSPOOL_BASE_URL", &upstream.base_url()).env(name, KEY);
            let head = asked(launch.env("UNSPOOL_PROVIDER", provider), &mut upstream).await;
            assert!(!head.contains(KEY), "{name} {provider}: {head}");
            assert_eq!(bearer(&head), None, "{name} {provider}: {head}");
        }
    }
}

#[tokio::test]
async fn the_key_of_openai_goes_to_the_address_that_is_named_beside_it() {
    let mut upstream = Upstream::start().await;
    let beside = || unset().env("OPENAI_BASE_URL", &upstream.base_url()).env("OPENAI_API_KEY", KEY);
    let named = beside();
    // Another path of the same server.
    let other_path = upstream.base_url().replace("/v1", "/v1/");
    let same = beside().env("UNSPOOL_BASE_URL", &other_path);
    for launch in [named, same] {
        assert_eq!(bearer(&asked(launch, &mut upstream).await), Some(KEY));
    }

    let mut other = Upstream::start().await;
    let launch = unset().env("OPENAI_BASE_URL", &upstream.base_url()).env("OPENAI_API_KEY", KEY);
    let launch = launch.env("UNSPOOL_BASE_URL", &other.base_url());
    assert_eq!(bearer(&asked(launch, &mut other).await), None);
}

#[tokio::test]
async fn a_key_of_ones_own_goes_before_that_of_a_preset() {
    let mut upstream = Upstream::start().await;
    let launch = unset().env("UNSPOOL_BASE_URL", &upstream.base_url()).env("OPENAI_API_KEY", KEY);
    let head = asked(launch.env("UNSPOOL_API_KEY", OWN), &mut upstream).await;
    assert_eq!(bearer(&head), Some(OWN));
    assert!(!head.contains(KEY), "{head}");
}

#[tokio::test]
async fn an_address_that_is_a_presets_own_takes_that_presets_key() {
    let own = "https://DashScope.aliyuncs.com:443/elsewhere";
    let set = || unset().env("UNSPOOL_BASE_URL", own).env("HTTPS_PROXY", "http://127.0.0.1:9");
    let server = set().env("DASHSCOPE_API_KEY", KEY).start().await;
    let id = server.client().start(TEXT).await;
    assert_eq!(server.client().snapshot(&id).await["provider"], "dashscope");

    // Another's is none.
    let exit = set().env("OPENAI_API_KEY", KEY).run().await;
    assert!(exit.stderr.contains("UNSPOOL_API_KEY"), "{}", exit.stderr);
}

/// A proxy that takes one connection: the head of what it is asked.
async fn proxied(launch: Launch) -> String {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    let launch = launch.env("HTTP_PROXY", &address).env("HTTPS_PROXY", &address);
    let server = launch.start().await;
    server.client().start(TEXT).await;
    let accepted = test_support::within("a connection to the proxy", proxy.accept()).await;
    let (mut stream, _) = accepted.unwrap();
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        assert!(stream.read_buf(&mut head).await.unwrap() > 0, "the request broke off");
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// What a proxy on the way sees: all of what is sent in the clear, and nothing within TLS.
#[tokio::test]
async fn a_proxy_sees_no_key_that_goes_over_tls() {
    let head = proxied(unset().env("OPENAI_API_KEY", KEY)).await;
    assert!(head.starts_with("CONNECT api.openai.com:443 "), "{head}");
    assert!(!head.contains(KEY), "{head}");

    let clear = unset().env("UNSPOOL_BASE_URL", "http://models.example/v1");
    let head = proxied(clear.env("UNSPOOL_API_KEY", KEY)).await;
    assert!(head.contains(" http://models.example/v1/"), "{head}");
    assert_eq!(bearer(&head), Some(KEY));
}

#[tokio::test]
async fn this_machine_is_asked_past_the_proxy() {
    let mut upstream = Upstream::start().await;
    let launch = unset().env("UNSPOOL_BASE_URL", &upstream.base_url());
    let launch = launch.env("HTTP_PROXY", "http://127.0.0.1:9").env("UNSPOOL_API_KEY", OWN);
    assert_eq!(bearer(&asked(launch, &mut upstream).await), Some(OWN));
}

/// All that can be seen of a generation: its events, its snapshot, and the log to the last word.
async fn shown(server: &Unspool, id: &str) -> String {
    let messages = server.client().follow(id, 0).await.rest().await;
    let snapshot = server.client().snapshot(id).await;
    format!("{messages:?} {snapshot} {}", server.stderr().so_far())
}

#[tokio::test]
async fn a_key_that_the_provider_repeats_is_not_shown() {
    let mut upstream = Upstream::start().await;
    let launch = launch().asking(&upstream, KEY).env("UNSPOOL_LOG", "trace");
    let server = launch.start().await;
    let escaped = KEY.replace('-', "%2D");
    for word in [KEY, &KEY.to_uppercase(), "sk-of-somebody-else", "sk-n...-this"] {
        let error = json!({"error": {
            "message": format!("Incorrect key {word}, {escaped}: Bearer {word}"),
            "type": word, "code": word, "param": word,
        }});
        for status in [400, 401, 500] {
            let (id, exchange) = begin(server.client(), &mut upstream).await;
            exchange.refuse(status, &error).await;
            let shown = shown(&server, &id).await;
            assert!(shown.contains(&format!("status {status}, type [redacted]")), "{shown}");
            assert!(!shown.contains(word) && !shown.contains(&escaped), "{word}: {shown}");
        }
        // Within an answer that began well.
        let (id, mut exchange) = begin(server.client(), &mut upstream).await;
        exchange.text("{\"title\": \"Ice").await;
        exchange.raw(format!("data: {error}\n\n").as_bytes()).await;
        assert!(!shown(&server, &id).await.contains(word));
        // As the reason for its end, which is cut to a bound.
        let (id, mut exchange) = begin(server.client(), &mut upstream).await;
        exchange.text("{\"title\": \"Ice\", \"summary\": \"It froze.\"}").await;
        exchange.finish(&format!("{} ?key={word}", "because ".repeat(6))).await;
        exchange.done().await;
        let messages = server.client().follow(&id, 0).await.rest().await;
        let reason = last(&messages, "completed")["finish_reason"].to_string();
        assert!(
            reason.contains("?key=[redac") && !shown(&server, &id).await.contains("sk-"),
            "{reason}"
        );
    }
    // What asks differently says so with the words of the refusal.
    let (_, exchange) = begin(server.client(), &mut upstream).await;
    let error = json!({"message": "no response_format", "type": KEY});
    exchange.refuse(400, &json!({"error": error})).await;
    upstream.next().await.answer("Ice", "It froze.").await;
    let mut log = server.stderr();
    log.find(|log| log.contains("asking differently").then_some(())).await.unwrap();
    assert!(!log.so_far().contains(KEY));
}

#[tokio::test]
async fn a_key_in_a_setting_that_is_none_of_it_is_not_shown() {
    let key = "abcdefghijkl";
    let with_query = format!("https://models.example/v1?api_key={key}");
    for launch in [
        launch().env("UNSPOOL_API_KEY", OWN).without("provider").flag("base-url", &with_query),
        launch().without("provider").env("OPENAI_API_KEY", OWN).env("OPENAI_BASE_URL", &with_query),
        launch().flag("provider", "ollama").env("OLLAMA_HOST", &with_query),
        launch().flag("provider", "sk-abcdefghijkl"),
        launch().flag("sk-abcdefghijkl", "1"),
    ] {
        let Exit { status, stderr, .. } = launch.run().await;
        assert_eq!(status.code(), Some(2), "{stderr}");
        assert!(stderr.contains("[redacted]") && !stderr.contains(key), "{stderr}");
    }
}
