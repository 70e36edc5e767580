//! What servers say of themselves, and words that only some of them know.

use llm::{Capacity, Delta, Provider, Request};
use serde_json::{Value, json};

use crate::upstream::{DONE, STOP, Upstream, events, status, text};
use crate::{provider, read_request, request};

fn page(body: &Value) -> String {
    status("200 OK", "application/json", &body.to_string())
}

fn models(entry: &Value) -> String {
    page(&json!({"object": "list", "data": [entry]}))
}

fn answer() -> String {
    events(&(text("rest") + STOP + DONE))
}

fn continued() -> Request {
    Request { written: Some("{\"title\": \"Ic".to_owned()), ..request() }
}

fn llamacpp() -> [String; 2] {
    let props = json!({"default_generation_settings": {"n_ctx": 4096}, "total_slots": 2});
    [models(&json!({"id": "small", "owned_by": "llamacpp"})), page(&props)]
}

fn last_role(body: &Value) -> &str {
    let last = body["messages"].as_array().unwrap().last().unwrap();
    last["role"].as_str().unwrap()
}

#[tokio::test]
async fn llama_cpp_says_how_much_it_reads_and_counts() {
    let [models, props] = llamacpp();
    let counted = page(&json!({"tokens": [1, 2, 3]}));
    let upstream = Upstream::sending([models, props, counted]).await;
    let provider = provider(&upstream.base_url);
    let capacity = Capacity { context_tokens: Some(4096), at_once: Some(2) };
    assert_eq!(provider.capacity("small").await, capacity);
    assert_eq!(provider.capacity("small").await, capacity);
    assert_eq!(provider.count_tokens("small", "one two three").await, Some(3));
    let heads: Vec<String> = upstream.asked().into_iter().map(|asked| asked.head).collect();
    assert_eq!(heads.len(), 3, "it is asked once");
    for (head, line) in heads.iter().zip(["get /v1/models", "get /props", "post /tokenize"]) {
        assert!(head.starts_with(line), "{head}");
    }
}

#[tokio::test]
async fn others_say_their_context_in_the_list_and_count_nothing() {
    for (entry, context) in [
        (json!({"id": "small", "owned_by": "vllm", "max_model_len": 32768}), Some(32768)),
        (json!({"id": "small", "context_length": 131_072}), Some(131_072)),
        (json!({"id": "small", "owned_by": "system"}), None),
    ] {
        let upstream = Upstream::sending([models(&entry)]).await;
        let provider = provider(&upstream.base_url);
        assert_eq!(provider.capacity("small").await.context_tokens, context);
        assert_eq!(provider.count_tokens("small", "one two").await, None);
    }
    let upstream = Upstream::sending([status("404 Not Found", "text/plain", "no")]).await;
    assert_eq!(provider(&upstream.base_url).capacity("small").await, Capacity::default());
}

#[tokio::test]
async fn the_progress_of_reading_is_asked_of_llama_cpp_alone() {
    let [models, props] = llamacpp();
    let told = json!({"choices": [{"index": 0, "delta": {}}],
        "prompt_progress": {"total": 3000, "cache": 0, "processed": 2048, "time_ms": 1}});
    let progress = events(&(format!("data: {told}\n\n") + &text("{}") + STOP + DONE));
    let upstream = Upstream::sending([answer(), models, props, progress]).await;
    let provider = provider(&upstream.base_url);
    read_request(&provider, request()).await;
    assert!(upstream.asked()[0].json().get("return_progress").is_none());
    provider.capacity("small").await;
    let mut deltas = provider.answer(request());
    let first = futures::StreamExt::next(&mut deltas).await.unwrap().unwrap();
    assert_eq!(first, Delta::Prompt { done: 2048, total: 3000 });
    assert_eq!(upstream.asked()[3].json()["return_progress"], true);
}

#[tokio::test]
async fn an_answer_is_gone_on_with_as_each_server_does() {
    // llama.cpp goes on behind a trailing message.
    let [models_of_llamacpp, props] = llamacpp();
    let upstream = Upstream::sending([models_of_llamacpp, props, answer()]).await;
    let provider = provider(&upstream.base_url);
    provider.capacity("small").await;
    assert!(provider.writes_on("small"));
    assert_eq!(read_request(&provider, continued()).await.text, "rest");
    let body = upstream.asked()[2].json();
    assert_eq!(last_role(&body), "assistant");
    assert!(body.get("response_format").is_none() && body.get("continue_final_message").is_none());

    // vLLM wants to be told that it is to.
    let vllm = models(&json!({"id": "small", "owned_by": "vllm", "max_model_len": 32768}));
    let upstream = Upstream::sending([vllm, answer(), answer()]).await;
    let provider = crate::provider(&upstream.base_url);
    provider.capacity("small").await;
    read_request(&provider, continued()).await;
    read_request(&provider, request()).await;
    let body = upstream.asked()[1].json();
    assert_eq!(
        (&body["continue_final_message"], &body["add_generation_prompt"]),
        (&json!(true), &json!(false))
    );
    let whole = upstream.asked()[2].json();
    assert!(whole.get("continue_final_message").is_none() && whole["response_format"].is_object());

    // Any other is told in words.
    let upstream = Upstream::sending([answer()]).await;
    let provider = crate::provider(&upstream.base_url);
    assert!(!provider.writes_on("small"));
    read_request(&provider, continued()).await;
    let body = upstream.asked()[0].json();
    assert_eq!(last_role(&body), "user");
    assert!(body.to_string().contains("broke off") && body.to_string().contains("\\\"Ic"));
}

#[tokio::test]
async fn a_server_that_refuses_to_go_on_is_told_in_words() {
    let [models, props] = llamacpp();
    let error = json!({"error": {"message": "Assistant response prefill is incompatible"}});
    let refused = status("400 Bad Request", "application/json", &error.to_string());
    let upstream = Upstream::sending([models, props, refused, answer()]).await;
    let provider = provider(&upstream.base_url);
    provider.capacity("small").await;
    assert_eq!(read_request(&provider, continued()).await.text, "rest");
    assert_eq!(last_role(&upstream.asked()[3].json()), "user");
    assert!(!provider.writes_on("small"), "it is remembered");
}
