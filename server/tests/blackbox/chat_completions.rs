//! OpenAI's chat completions, as its clients use them.

use serde_json::{Value, json};
use test_support::{Answer, Client, Upstream, sse::Message};

use crate::stage::{KEY, builtin, launch, played};

const PATH: &str = "/v1/chat/completions";

fn asked(more: &Value) -> Value {
    let mut body = json!({"model": "unspool", "messages": [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Is the harbour frozen?"}]},
    ]});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn post(client: Client, body: &Value) -> Answer {
    client.post(PATH, body).await
}

/// The chunks of a stream, and whether it ended with `[DONE]`.
fn chunks(messages: &[Message]) -> (Vec<Value>, bool) {
    let is_done = messages.last().is_some_and(|message| message.data == "[DONE]");
    let data = messages.iter().map(|message| message.data.as_str());
    let data = data.filter(|data| !data.is_empty() && *data != "[DONE]");
    (data.map(|data| serde_json::from_str(data).unwrap()).collect(), is_done)
}

fn content(chunks: &[Value], member: &str) -> String {
    let pieces = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"][member].as_str());
    pieces.collect()
}

#[tokio::test]
async fn messages_are_answered_while_they_are_written() {
    let (server, mut upstream) = played().await;
    let options = json!({"stream": true, "stream_options": {"include_usage": true}});
    let mut stream = server.client().open_posted(PATH, &asked(&options), &[]).await;
    let mut exchange = upstream.next().await;
    assert_eq!(
        exchange.body["messages"],
        json!([
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Is the harbour frozen?"},
        ])
    );
    assert!(exchange.body["response_format"].is_null());
    exchange.reasoning("Hm.").await;
    exchange.text("Yes, ").await;
    exchange.text("since May.").await;
    exchange.finish("stop").await;
    exchange.usage(31, 7).await;
    exchange.done().await;
    let (chunks, is_done) = chunks(&stream.rest().await);
    assert!(is_done);
    assert_eq!(content(&chunks, "content"), "Yes, since May.");
    assert_eq!(content(&chunks, "reasoning_content"), "Hm.");
    let [.., end, usage] = &chunks[..] else { panic!("{chunks:?}") };
    assert_eq!(end["choices"][0]["finish_reason"], "stop");
    assert_eq!(usage["choices"], json!([]));
    assert_eq!(usage["usage"]["total_tokens"], 38);
    let id = chunks[0]["id"].as_str().unwrap();
    assert!(id.starts_with("chatcmpl-") && chunks.iter().all(|chunk| chunk["id"] == id));
    assert!(chunks.iter().all(|chunk| chunk["object"] == "chat.completion.chunk"));
}

#[tokio::test]
async fn a_whole_completion_is_one_object() {
    let (server, mut upstream) = played().await;
    let body = asked(&json!({}));
    let (answer, ()) = tokio::join!(post(server.client(), &body), async {
        let mut exchange = upstream.next().await;
        exchange.text("Yes.").await;
        exchange.finish("stop").await;
        exchange.usage(31, 7).await;
        exchange.done().await;
    });
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!(body["object"], "chat.completion");
    assert_eq!(
        body["choices"][0]["message"],
        json!({"role": "assistant", "content": "Yes.", "refusal": null})
    );
    assert_eq!(body["choices"][0]["finish_reason"], "stop");
    assert_eq!(
        body["usage"],
        json!({"prompt_tokens": 31, "completion_tokens": 7, "total_tokens": 38})
    );
}

#[tokio::test]
async fn what_is_cut_short_says_so_and_is_no_error() {
    let (server, mut upstream) = played().await;
    let mut stream = server.client().open_posted(PATH, &asked(&json!({"stream": true})), &[]).await;
    let mut exchange = upstream.next().await;
    exchange.text("Yes, since").await;
    exchange.finish("length").await;
    exchange.done().await;
    let (chunks, is_done) = chunks(&stream.rest().await);
    assert!(is_done);
    assert_eq!(content(&chunks, "content"), "Yes, since");
    assert_eq!(chunks.last().unwrap()["choices"][0]["finish_reason"], "length");
}

#[tokio::test]
async fn a_schema_goes_along_and_a_shape_makes_a_document() {
    let (server, mut upstream) = played().await;
    let schema = json!({"type": "object", "properties": {"yes": {"type": "boolean"}}});
    let format = json!({"type": "json_schema", "json_schema": {"name": "x", "schema": schema}});
    let mut stream = server
        .client()
        .open_posted(PATH, &asked(&json!({"stream": true, "response_format": format})), &[])
        .await;
    let mut exchange = upstream.next().await;
    assert_eq!(exchange.body["response_format"]["json_schema"]["schema"], schema);
    exchange.text("{\"yes\":true}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    assert_eq!(content(&chunks(&stream.rest().await).0, "content"), "{\"yes\":true}");

    for is_streamed in [true, false] {
        let body = asked(&json!({"stream": is_streamed, "shape": "summary"}));
        let answered = async {
            upstream.next().await.answer("Ice", "It froze.").await;
        };
        let document = if is_streamed {
            let mut stream = server.client().open_posted(PATH, &body, &[]).await;
            answered.await;
            content(&chunks(&stream.rest().await).0, "content")
        } else {
            let (answer, ()) = tokio::join!(post(server.client(), &body), answered);
            answer.json()["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
        };
        let document: Value = serde_json::from_str(&document).unwrap();
        assert_eq!(document, json!({"title": "Ice", "summary": "It froze."}));
    }
}

#[tokio::test]
async fn failures_and_refusals_are_as_openais() {
    let (server, mut upstream) = played().await;
    let refused = json!({"error": {"message": "Rate limit reached"}});
    let body = asked(&json!({}));
    let (answer, ()) = tokio::join!(post(server.client(), &body), async {
        upstream.next().await.refuse(429, &refused).await;
    });
    assert_eq!(answer.status, 429);
    let error = answer.json()["error"].clone();
    assert_eq!(error["code"], "rate_limited");
    assert!(error["message"].as_str().unwrap().contains("Rate limit reached"), "{error}");

    let mut stream = server.client().open_posted(PATH, &asked(&json!({"stream": true})), &[]).await;
    let mut exchange = upstream.next().await;
    exchange.text("Yes").await;
    exchange.close();
    let (chunks, is_done) = chunks(&stream.rest().await);
    assert!(!is_done);
    assert_eq!(chunks.last().unwrap()["error"]["code"], "provider_error");

    for (body, param) in [
        (json!({"messages": [{"role": "robot", "content": "x"}]}), "messages[0].role"),
        (json!({"messages": [{"role": "user", "content": 7}]}), "messages[0].content"),
        (json!({"messages": []}), "text"),
        (json!({}), "messages"),
        (json!({"messages": [{"role": "user", "content": "x"}], "shape": "y"}), "shape"),
    ] {
        let answer = post(server.client(), &body).await;
        assert_eq!(answer.status, 422, "{body}");
        let error = answer.json()["error"].clone();
        assert_eq!(
            (&error["param"], &error["type"]),
            (&json!(param), &json!("invalid_request_error"))
        );
    }
}

#[tokio::test]
async fn whoever_comes_back_goes_on() {
    let mut upstream = Upstream::start().await;
    let server = launch().asking(&upstream, KEY).start().await;
    let body = asked(&json!({"stream": true}));
    let mut stream = server.client().open_posted(PATH, &body, &[]).await;
    let mut exchange = upstream.next().await;
    exchange.text("Yes, ").await;
    let seen = stream.until(|message| message.data.contains("Yes, ")).await;
    let cursor = seen.last().unwrap().id.clone();
    drop(stream);
    exchange.text("since May.").await;
    exchange.finish("stop").await;
    exchange.done().await;
    let headers = [("last-event-id", cursor.as_str())];
    let mut stream = server.client().open_posted(PATH, &body, &headers).await;
    let (chunks, is_done) = chunks(&stream.rest().await);
    assert!(is_done);
    assert_eq!(content(&chunks, "content"), "since May.");
    assert!(upstream.waiting().is_none(), "it was asked for again");
}

#[tokio::test]
async fn the_servers_own_model_is_listed() {
    let server = builtin().await;
    let list = server.client().get("/v1/models").await.json();
    assert_eq!(list["object"], "list");
    assert_eq!(list["data"][0]["id"], "extractive");
    assert_eq!(list["data"][0]["owned_by"], "builtin");
}
