//! Several providers at once, and which of them answers.

use serde_json::{Value, json};
use tempfile::NamedTempFile;
use test_support::{Launch, Unspool, Upstream};

use crate::stage::{KEY, TEXT, last, launch, problem};

fn file(text: &str) -> NamedTempFile {
    let file = NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn listing(file: &NamedTempFile) -> Launch {
    launch().without("provider").env("UNSPOOL_PROVIDERS", file.path().to_str().unwrap())
}

/// A server of two providers, `near` and `far`, the second of which is the default.
async fn two() -> (Unspool, Upstream, Upstream) {
    let (near, far) = (Upstream::start().await, Upstream::start().await);
    let file = file(&format!(
        "[[provider]]\nname = 'near'\nkind = 'llamacpp'\nbase_url = '{}'\ncontext = 4096\n\n\
         [[provider]]\nname = 'far'\nkind = 'openai'\nbase_url = '{}'\nkey_env = 'FAR_KEY'\n\
         model = 'large'\ndefault = true\n",
        near.base_url(),
        far.base_url(),
    ));
    let server = listing(&file).env("FAR_KEY", KEY).start().await;
    (server, near, far)
}

async fn asked(server: &Unspool, model: Option<&str>) -> String {
    let body = json!({"text": TEXT, "model": model});
    let answer = server.client().post("/api/generations", &body).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_request_names_who_answers() {
    let (server, mut near, mut far) = two().await;
    for (model, provider, expected) in [
        (None, "far", "large"),
        (Some("far/large"), "far", "large"),
        (Some("other"), "far", "other"),
        (Some("near/test-model"), "near", "test-model"),
    ] {
        let id = asked(&server, model).await;
        let upstream = if provider == "far" { &mut far } else { &mut near };
        let host = upstream.base_url().replace("http://", "").replace("/v1", "");
        let exchange = upstream.next().await;
        assert_eq!(exchange.body["model"], expected, "{model:?}");
        assert_eq!(exchange.head.contains(KEY), provider == "far", "{model:?}");
        exchange.answer("Ice", "It froze.").await;
        let messages = server.client().follow(&id, 0).await.rest().await;
        last(&messages, "completed");
        assert_eq!(messages[0].json()["host"], host);
        let snapshot = server.client().snapshot(&id).await;
        let said = ["provider", "model", "host"].map(|member| snapshot[member].clone());
        assert_eq!(said, [json!(provider), json!(expected), json!(host)], "{model:?}");
    }
}

#[tokio::test]
async fn an_unknown_provider_or_model_is_refused_with_those_that_there_are() {
    let (server, _near, _far) = two().await;
    for model in ["nobody/small", "near/nothing", "near/"] {
        for (path, body) in [
            ("/api/generations", json!({"text": TEXT, "model": model})),
            ("/api/conversations/send", json!({"content": "Why?", "model": model})),
        ] {
            let answer = server.client().post(path, &body).await;
            let refused = problem(&answer, 422, "invalid_field");
            assert_eq!(refused["field"], "model", "{path} {model}");
            let detail = refused["detail"].as_str().unwrap();
            assert!(detail.contains("far/large, far/test-model, near/test-model"), "{detail}");
        }
        let body = json!({"model": model, "messages": [{"role": "user", "content": "Why?"}]});
        let answer = server.client().post("/v1/chat/completions", &body).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert_eq!(answer.json()["error"]["param"], "model");
    }
}

#[tokio::test]
async fn conversations_and_completions_name_a_provider_too() {
    let (server, mut near, _far) = two().await;
    let body = json!({"content": "Why?", "model": "near/test-model"});
    let sent = server.client().post("/api/conversations/send", &body).await;
    let reply = sent.json()["reply_id"].as_str().unwrap().to_owned();
    near.next().await.close();
    assert_eq!(server.client().snapshot(&reply).await["provider"], "near");
    let messages = [json!({"role": "user", "content": "Why?"})];
    let body = json!({"model": "near/test-model", "messages": messages, "stream": true});
    let _stream = server.client().open_posted("/v1/chat/completions", &body, &[]).await;
    assert_eq!(near.next().await.body["model"], "test-model");
}

#[tokio::test]
async fn models_are_listed_by_provider() {
    let (server, near, _far) = two().await;
    let listed = server.client().get("/api/models").await.json();
    assert_eq!(listed["default"], json!({"provider": "far", "model": "large"}));
    let [far_models, near_models] = [0, 1].map(|at| listed["providers"][at].clone());
    assert_eq!((&far_models["name"], &far_models["kind"]), (&json!("far"), &json!("openai")));
    assert_eq!(far_models["models"], json!([{"id": "large"}, {"id": "test-model"}]));
    assert_eq!(near_models["reachable"], true);
    assert_eq!(near_models["models"], json!([{"id": "test-model", "context": 4096}]));
    let ids = |list: &Value| {
        let models = list["data"].as_array().unwrap().clone();
        models.into_iter().map(|model| model["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let openai = server.client().get("/v1/models").await.json();
    assert_eq!(ids(&openai), ["large", "test-model", "near/test-model"]);
    drop(near);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_listed_as_such() {
    let gone = Upstream::start().await.base_url();
    let file = file(&format!(
        "[[provider]]\nname = 'gone'\nkind = 'openai'\nbase_url = '{gone}'\nmodel = 'm'\n\
         [[provider]]\nname = 'builtin'\nkind = 'builtin'\n"
    ));
    let server = listing(&file).start().await;
    let listed = server.client().get("/api/models").await.json();
    assert_eq!(listed["providers"][0]["reachable"], false);
    assert_eq!(listed["providers"][0]["models"], json!([{"id": "m"}]));
    assert_eq!(listed["providers"][1]["reachable"], true);
    let id = asked(&server, Some("builtin/extractive")).await;
    last(&server.client().follow(&id, 0).await.rest().await, "completed");
}

#[tokio::test]
async fn a_missing_key_is_named_by_its_variable() {
    let mut upstream = Upstream::start().await;
    let file = file(&format!(
        "[[provider]]\nname = 'far'\nkind = 'openai'\nbase_url = '{}'\nkey_env = 'FAR_KEY'\n",
        upstream.base_url(),
    ));
    let server = listing(&file).start().await;
    let id = asked(&server, None).await;
    upstream.next().await.refuse(401, &json!({"error": {"message": "No key."}})).await;
    let failed = last(&server.client().follow(&id, 0).await.rest().await, "failed").clone();
    let message = failed["message"].as_str().unwrap();
    assert!(message.contains("FAR_KEY") && message.contains("No key."), "{message}");
}

#[tokio::test]
async fn a_mistake_in_the_file_is_told_in_one_line() {
    for (text, says) in [
        ("[[provider]]\nname = 'a'\nkind = 'oracle'\n", "line 3: \"oracle\" is no kind"),
        ("[[provider]]\nname 'a'\n", "line 2: "),
        (
            "[[provider]]\nname = 'a'\nkind = 'openai'\nbase_url = 'http://h/v1/chat/completions'\n",
            "line 4: base_url: the address before /chat/completions is accepted, as http://h/v1",
        ),
        ("", "line 1: a [[provider]] table"),
    ] {
        let file = file(text);
        let exit = listing(&file).run().await;
        assert_eq!(exit.status.code(), Some(2), "{}", exit.stderr);
        assert_eq!(exit.stderr.lines().count(), 1, "{}", exit.stderr);
        assert!(exit.stderr.contains("UNSPOOL_PROVIDERS"), "{}", exit.stderr);
        assert!(exit.stderr.contains(says), "{}", exit.stderr);
        assert!(exit.stderr.contains(file.path().to_str().unwrap()), "{}", exit.stderr);
    }
    let exit = launch().env("UNSPOOL_PROVIDERS", "/nowhere/providers.toml").run().await;
    assert!(exit.stderr.contains("/nowhere/providers.toml"), "{}", exit.stderr);
}

#[tokio::test]
async fn an_address_that_is_none_or_too_long_is_told() {
    for (address, says) in [
        ("127.0.0.1:8080/v1", "as http://127.0.0.1:8080/v1"),
        ("http://127.0.0.1:8080/v1/chat/completions/", "as http://127.0.0.1:8080/v1"),
        ("http://127.0.0.1:11434/api/chat", "as http://127.0.0.1:11434"),
    ] {
        let exit = launch().flag("provider", "openai").flag("base-url", address).run().await;
        assert_eq!(exit.status.code(), Some(2));
        assert!(
            exit.stderr.contains("UNSPOOL_BASE_URL") && exit.stderr.contains(says),
            "{}",
            exit.stderr
        );
    }
}
