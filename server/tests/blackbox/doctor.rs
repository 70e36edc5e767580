//! `unspool doctor`: what it finds of a provider, and what it says to do.

use serde_json::{Value, json};
use test_support::{Exit, Launch, Upstream};

use crate::stage::{KEY, launch};

fn doctor(base_url: &str) -> Launch {
    let launch = launch().without("addr").without("data").flag("provider", "openai");
    launch.subcommand("doctor").flag("base-url", base_url).env("UNSPOOL_API_KEY", KEY)
}

/// The states of the checks by their names, in order.
fn states(report: &Value) -> Vec<(String, String)> {
    let checks = report["providers"][0]["checks"].as_array().unwrap();
    let word = |check: &Value, member: &str| check[member].as_str().unwrap().to_owned();
    checks.iter().map(|check| (word(check, "name"), word(check, "state"))).collect()
}

fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["providers"][0]["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == name).unwrap()
}

fn report(exit: &Exit) -> Value {
    assert!(!exit.stdout.contains(KEY) && !exit.stderr.contains(KEY));
    let report = serde_json::from_str(&exit.stdout);
    assert!(report.is_ok(), "{exit:?}");
    report.unwrap()
}

/// Answers as a model does that keeps to the schema.
async fn answer_well(upstream: &mut Upstream) {
    let mut exchange = upstream.next().await;
    assert!(exchange.body["response_format"]["json_schema"]["schema"].is_object());
    for piece in ["{\"title\": \"Ice\", ", "\"summary\": \"It froze.\", ", "\"colour\": \"amber\"}"]
    {
        exchange.text(piece).await;
    }
    exchange.finish("stop").await;
    exchange.usage(120, 20).await;
    exchange.done().await;
    let mut stopped = upstream.next().await;
    stopped.text("one").await;
    let mut next = upstream.next().await;
    stopped.closed().await;
    next.text("ready").await;
    next.finish("stop").await;
    next.done().await;
}

#[tokio::test]
async fn a_provider_in_order_passes() {
    let mut upstream = Upstream::start().await;
    let run =
        doctor(&upstream.base_url()).flag("model", "test-model").flag("context-tokens", "4096");
    let run = run.switch("json");
    let (exit, ()) = tokio::join!(run.run(), answer_well(&mut upstream));
    let report = report(&exit);
    assert!(exit.status.success() && report["passed"] == true, "{report:#}");
    let states = states(&report);
    let names: Vec<&str> = states.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "reachable",
            "key",
            "models",
            "streams",
            "schema",
            "usage",
            "reasoning",
            "cancel",
            "context"
        ]
    );
    assert!(
        states.iter().all(|(name, state)| state == "passed" || name == "context"),
        "{states:?}"
    );
    let provider = &report["providers"][0];
    assert_eq!(provider["key"], json!({"end": "this", "set_by": "UNSPOOL_API_KEY"}));
    assert_eq!(provider["base_url"], upstream.base_url());
}

#[tokio::test]
async fn a_refused_key_comes_before_the_rest() {
    let mut upstream = Upstream::start().await;
    let run = doctor(&upstream.base_url()).switch("json");
    let refusing = async {
        let body = json!({"error": {"message": "Incorrect API key provided."}});
        upstream.next().await.refuse(401, &body).await;
    };
    let (exit, ()) = tokio::join!(run.run(), refusing);
    let report = report(&exit);
    assert_eq!(exit.status.code(), Some(1));
    let key = check(&report, "key");
    assert_eq!((&key["state"], &key["sentence"]), (&json!("failed"), &json!("The key is refused")));
    assert!(key["detail"].as_str().unwrap().contains("Incorrect API key provided."));
    assert!(key["remedy"].as_str().unwrap().contains("UNSPOOL_API_KEY"));
    assert_eq!(key["line"], "export UNSPOOL_API_KEY='YOUR-KEY'");
    for later in ["models", "streams", "schema", "usage", "reasoning", "cancel", "context"] {
        let later = check(&report, later);
        assert_eq!(later["state"], "not_tried");
        assert_eq!(later["detail"], "Not tried: the key comes first.");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_its_host() {
    let gone = Upstream::start().await.base_url();
    let exit = doctor(&gone).run().await;
    assert_eq!(exit.status.code(), Some(1));
    let host = gone.replace("http://", "").replace("/v1", "");
    assert!(exit.stdout.contains(&format!("× {host} does not answer")), "{}", exit.stdout);
    assert!(exit.stdout.contains("Not tried: the connection comes first."), "{}", exit.stdout);
    assert!(exit.stdout.contains("key …this from UNSPOOL_API_KEY"), "{}", exit.stdout);
}

#[tokio::test]
async fn an_answer_without_a_form_and_a_count_is_told() {
    let mut upstream = Upstream::start().await;
    let run = doctor(&upstream.base_url()).switch("json");
    let answering = async {
        let mut exchange = upstream.next().await;
        exchange.text("The harbour froze.").await;
        exchange.finish("stop").await;
        exchange.done().await;
        for _ in 0..2 {
            let mut exchange = upstream.next().await;
            exchange.text("one").await;
            exchange.finish("stop").await;
            exchange.done().await;
        }
    };
    let (exit, ()) = tokio::join!(run.run(), answering);
    let report = report(&exit);
    assert_eq!(exit.status.code(), Some(1));
    for (name, state) in [("streams", "noted"), ("schema", "failed"), ("usage", "noted")] {
        assert_eq!(check(&report, name)["state"], state, "{name}");
    }
    assert!(check(&report, "schema")["detail"].as_str().unwrap().contains("The harbour froze."));
}

#[tokio::test]
async fn without_a_model_the_lines_that_connect_one_are_printed() {
    let launch = launch().without("addr").without("data").subcommand("doctor");
    let exit = launch.flag("provider", "builtin").run().await;
    assert!(exit.status.success(), "{exit:?}");
    assert!(exit.stdout.contains("DEEPSEEK_API_KEY=YOUR-KEY unspool --provider deepseek"));
    assert!(exit.stdout.contains("unspool --provider llamacpp"), "{}", exit.stdout);
}
