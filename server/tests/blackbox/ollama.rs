//! An Ollama, by its own API.

use serde_json::{Value, json};
use test_support::{Exchange, Launch, Upstream};

use crate::stage::{TEXT, begin, last, launch};

fn asking(upstream: &Upstream) -> Launch {
    let host = upstream.base_url().replace("/v1", "");
    let launch = launch().flag("provider", "ollama").env("UNSPOOL_MODEL", "small");
    launch.env("OLLAMA_HOST", &host)
}

fn written(text: &str) -> Value {
    json!({"model": "small", "message": {"role": "assistant", "content": text}, "done": false})
}

fn done(input: u64) -> Value {
    json!({
        "model": "small", "message": {"role": "assistant", "content": ""}, "done": true,
        "done_reason": "stop", "prompt_eval_count": input, "eval_count": 7,
    })
}

async fn answer(mut exchange: Exchange, input: u64) {
    for piece in ["{\"title\": \"Ice\", ", "\"summary\": \"It froze.\"}"] {
        exchange.line(&written(piece)).await;
    }
    exchange.line(&done(input)).await;
}

#[tokio::test]
async fn ollama_is_asked_by_its_own_api() {
    let mut upstream = Upstream::start().await;
    let server = asking(&upstream).start().await;
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    assert!(exchange.head.starts_with("POST /api/chat "), "{}", exchange.head);
    assert_eq!(exchange.body["truncate"], false);
    assert_eq!(exchange.body["options"]["num_ctx"], 8192);
    assert!(exchange.body["format"]["properties"]["title"].is_object());
    answer(exchange, 300).await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    assert_eq!(
        last(&messages, "completed")["usage"],
        json!({"input_tokens": 300, "output_tokens": 7})
    );
    let snapshot = server.client().snapshot(&id).await;
    assert_eq!(snapshot["document"], json!({"title": "Ice", "summary": "It froze."}));
    assert_eq!((&snapshot["provider"], &snapshot["model"]), (&json!("ollama"), &json!("small")));
}

/// An older one cuts to half of what it can read, and answers as if nothing were missing.
#[tokio::test]
async fn a_text_that_is_cut_without_a_word_is_too_long() {
    for words in [4_000, 12_000, 40_000] {
        let mut upstream = Upstream::start().await;
        let server = asking(&upstream).start().await;
        let id = server.client().start(&format!("{TEXT} {}", "word ".repeat(words))).await;
        answer(upstream.next().await, 2_050).await;
        let messages = server.client().follow(&id, 0).await.rest().await;
        assert_eq!(last(&messages, "failed")["code"], "input_too_long", "{words}");
        // The next one is read in parts: the model's limit is known by then.
        server.client().start(&format!("{TEXT} {}", "word ".repeat(words))).await;
        let next = upstream.next().await;
        assert!(next.body.to_string().contains("is part 1 of "), "{words}");
    }
}
