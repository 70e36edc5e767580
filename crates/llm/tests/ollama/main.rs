//! Ollama's own API over real TCP.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "the helpers of tests are tests")]

#[path = "../openai/upstream.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod upstream;

use std::time::Duration;

use futures::StreamExt;
use llm::{
    Delta, Error, ErrorKind, Finish, Message, Ollama, Provider, Request, Role, SecretString,
    Settings, Timeouts, Tokens,
};
use serde_json::{Value, json};

use upstream::{DONE, Play, STOP, Upstream, events, status, text};

const KEY: &str = "sk-of-nobody-123";

/// What became of an answer.
#[derive(Debug, Default)]
struct ReadAnswer {
    deltas: Vec<Delta>,
    error: Option<Error>,
}

impl ReadAnswer {
    fn text(&self) -> String {
        let text = |delta: &Delta| match delta {
            Delta::Text(text) => text.clone(),
            _ => String::new(),
        };
        self.deltas.iter().map(text).collect()
    }

    fn kind(&self) -> Option<ErrorKind> {
        self.error.as_ref().map(|error| error.kind)
    }
}

fn provider(base_url: &str) -> Ollama {
    let settings = Settings {
        name: "ollama".to_owned(),
        base_url: base_url.to_owned(),
        api_key: Some(SecretString::from(KEY)),
        model: "small".to_owned(),
        timeouts: Timeouts::of_silence(Duration::from_secs(5)),
        form: llm::Form::Schema,
        origin: llm::Origin::default(),
    };
    Ollama::new(settings).unwrap()
}

fn request(input: &str) -> Request {
    let schema = json!({
        "type": "object",
        "properties": { "title": { "type": "string" }, "summary": { "type": "string" } },
        "required": ["title", "summary"],
    });
    Request::document("Sum up.".to_owned(), input.to_owned(), schema)
}

async fn read(provider: &Ollama, request: Request) -> ReadAnswer {
    let mut answer = ReadAnswer::default();
    let mut deltas = provider.answer(request);
    while let Some(delta) = deltas.next().await {
        assert!(answer.error.is_none(), "{delta:?} after an error");
        match delta {
            Ok(delta) => answer.deltas.push(delta),
            Err(error) => answer.error = Some(error),
        }
    }
    answer
}

async fn read_of(body: &str) -> ReadAnswer {
    let upstream = Upstream::sending([lines(body)]).await;
    read(&provider(&upstream.base_url), request("A text.")).await
}

/// An answer that is JSON a line, and ends with the connection.
fn lines(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\n\r\n{body}"
    )
}

fn done(input: u64) -> String {
    let done = json!({
        "model": "small", "message": {"role": "assistant", "content": ""}, "done": true,
        "done_reason": "stop", "prompt_eval_count": input, "eval_count": 7,
    });
    format!("{done}\n")
}

const GOOD: &str = r#"{"model":"small","message":{"role":"assistant","content":"","thinking":"Hm."},"done":false}
{"model":"small","message":{"role":"assistant","content":"{\"title\":\"\ud83d"},"done":false}
{"model":"small","message":{"role":"assistant","content":"\ude00 雨\"}"},"done":false}
"#;

fn refusal(line: &str, error: &str) -> String {
    status(line, "application/json", &json!({"error": error}).to_string())
}

#[tokio::test]
async fn the_request_is_as_documented() {
    let upstream = Upstream::sending([lines(&(GOOD.to_owned() + &done(31)))]).await;
    let asked = request("A text.");
    read(&provider(&upstream.base_url), asked.clone()).await;
    let sent = &upstream.asked()[0];
    assert!(sent.head.starts_with("post /api/chat http/1.1"), "{}", sent.head);
    assert!(sent.head.contains(&format!("authorization: bearer {KEY}")));
    let body = sent.json();
    assert_eq!((&body["model"], &body["stream"]), (&json!("small"), &json!(true)));
    assert_eq!(body["truncate"], false);
    assert_eq!(body["format"], asked.schema.unwrap());
    assert_eq!(body["options"]["num_ctx"], 8192);
    assert!(body["keep_alive"].is_string());
    assert_eq!(body["messages"][1], json!({"role": "user", "content": "A text."}));
    assert!(sent.body.find("\"title\":") < sent.body.find("\"summary\":"), "the schema's order");
}

#[tokio::test]
async fn an_answer_is_read_however_it_is_cut() {
    let whole = lines(&(GOOD.to_owned() + &done(31)));
    let expected = [
        Delta::Reasoning("Hm.".to_owned()),
        Delta::Text("{\"title\":\"".to_owned()),
        Delta::Text("😀 雨\"}".to_owned()),
        Delta::Finish(Finish::Stop),
        Delta::Usage(Tokens { input: 31, output: 7, ..Tokens::default() }),
    ];
    for sizes in [vec![usize::MAX], vec![1], vec![3, 89, 1, 20]] {
        let play = Play::Send(whole.clone().into_bytes(), sizes);
        let upstream = Upstream::playing(vec![vec![play]]).await;
        let answer = read(&provider(&upstream.base_url), request("A text.")).await;
        assert!(answer.error.is_none(), "{:?}", answer.error);
        assert_eq!(answer.deltas, expected);
    }
}

#[tokio::test]
async fn odd_lines_are_borne() {
    let whole = r#"{"message":{"content":"{}"},"done":true,"done_reason":"length"}"#;
    let answer = read_of(whole).await;
    assert_eq!(answer.deltas, [Delta::Text("{}".into()), Delta::Finish(Finish::Length)]);
    let generated =
        "\r\n{\"response\":\"{}\",\"done\":false}\r\n\r\nkeep-alive\r\n{\"done\":true}\r\n";
    assert_eq!(read_of(generated).await.text(), "{}");
    let as_events = "data: {\"message\":{\"content\":\"{}\"}}\n\ndata: {\"done\":true}\n\n";
    assert_eq!(read_of(as_events).await.text(), "{}");
}

#[tokio::test]
async fn errors_are_told_apart_wherever_they_come() {
    let within = |error: &str| GOOD.to_owned() + &json!({ "error": error }).to_string() + "\n";
    for (answer, kind) in [
        (lines(&within("an error was encountered while running the model")), ErrorKind::Broken),
        (lines(&within("rate limit exceeded")), ErrorKind::RateLimited),
        (lines(GOOD), ErrorKind::Broken),
        (lines("{\"done\":true,\"done_reason\":\"error\"}"), ErrorKind::Broken),
        (lines("unauthorized\n"), ErrorKind::Unauthorised),
        (lines("<!DOCTYPE html>\n"), ErrorKind::Broken),
        (lines("{\"message\":\n"), ErrorKind::Broken),
        (
            refusal("404 Not Found", "model \"small\" not found, try pulling it first"),
            ErrorKind::UnknownModel,
        ),
        (refusal("401 Unauthorized", "unauthorized"), ErrorKind::Unauthorised),
        (refusal("500 Oops", "llama runner process has terminated"), ErrorKind::Broken),
    ] {
        let upstream = Upstream::sending([answer.clone()]).await;
        let read = read(&provider(&upstream.base_url), request("A text.")).await;
        assert_eq!(read.kind(), Some(kind), "{answer}");
        assert_eq!(upstream.asked().len(), 1, "{answer}");
    }
    let upstream = Upstream::sending([refusal("400 Bad", &format!("no key {KEY}"))]).await;
    let error = read(&provider(&upstream.base_url), request("A text.")).await.error.unwrap();
    assert_eq!(error.reason.unwrap().as_str(), "no key [redacted]");
}

#[tokio::test]
async fn what_the_server_does_not_hold_to_is_told_in_words() {
    let answers = [
        refusal("500 Oops", "failed to parse grammar"),
        refusal("400 Bad Request", "invalid format: expected a schema"),
        lines(&(GOOD.to_owned() + &done(31))),
    ];
    let upstream = Upstream::sending(answers).await;
    let provider = provider(&upstream.base_url);
    assert!(read(&provider, request("A text.")).await.error.is_none());
    assert!(read(&provider, request("A text.")).await.error.is_none());
    let bodies: Vec<Value> = upstream.asked().iter().map(upstream::Asked::json).collect();
    assert!(bodies[0]["format"].is_object() && bodies[1]["format"] == "json");
    assert!(bodies[2]["format"].is_null() && bodies[3]["format"].is_null());
    assert!(bodies[3]["messages"][0]["content"].as_str().unwrap().contains("JSON Schema"));
}

#[tokio::test]
async fn a_long_text_gets_room_and_more_when_that_was_too_little() {
    let long = "word ".repeat(12_000);
    let answers = [
        refusal("400 Bad Request", "the request exceeds the available context size"),
        lines(&(GOOD.to_owned() + &done(14_000))),
    ];
    let upstream = Upstream::sending(answers).await;
    let provider = provider(&upstream.base_url);
    assert!(read(&provider, request(&long)).await.error.is_none());
    read(&provider, request("A short one.")).await;
    let windows: Vec<Value> =
        upstream.asked().iter().map(|asked| asked.json()["options"]["num_ctx"].clone()).collect();
    assert_eq!(windows, [32_768, 65_536, 65_536], "the model is not loaded anew for less");

    let refused = refusal("400 Bad Request", "the request exceeds the available context size");
    let upstream = Upstream::sending([refused]).await;
    let answer = read(&self::provider(&upstream.base_url), request(&long)).await;
    assert_eq!((answer.kind(), upstream.asked().len()), (Some(ErrorKind::TooLong), 2));
}

/// It answers 200 to half of a text, as an older Ollama does.
#[tokio::test]
async fn an_answer_to_a_part_of_the_text_is_none() {
    let long = "All of these are words that a model reads. ".repeat(1_300);
    for (input, dialect) in [(2_050, "own"), (2_050, "openai")] {
        let usage =
            json!({"choices": [], "usage": {"prompt_tokens": input, "completion_tokens": 7}});
        let compatible = events(&(text("{}") + STOP + &format!("data: {usage}\n\n") + DONE));
        let answers = match dialect {
            "own" => vec![lines(&(GOOD.to_owned() + &done(input)))],
            _ => vec![status("404 Not Found", "text/plain", "404 page not found"), compatible],
        };
        let upstream = Upstream::sending(answers).await;
        let answer = read(&provider(&upstream.base_url), request(&long)).await;
        assert_eq!(answer.kind(), Some(ErrorKind::TooLong), "{dialect}: {answer:?}");
    }
    let upstream = Upstream::sending([lines(&(GOOD.to_owned() + &done(12_000)))]).await;
    assert!(read(&provider(&upstream.base_url), request(&long)).await.error.is_none());
}

#[tokio::test]
async fn a_server_that_knows_only_the_other_dialect_is_spoken_to_in_it() {
    let missing = status("404 Not Found", "text/plain", "404 page not found");
    let answer = events(&(text("{}") + STOP + DONE));
    let upstream = Upstream::sending([missing, answer]).await;
    let provider = provider(&upstream.base_url);
    for _ in 0..2 {
        assert_eq!(read(&provider, request("A text.")).await.text(), "{}");
    }
    let paths: Vec<String> = upstream
        .asked()
        .iter()
        .map(|asked| asked.head.split(' ').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(paths, ["/api/chat", "/v1/chat/completions", "/v1/chat/completions"]);
}

#[tokio::test]
async fn a_conversation_is_asked_on_in_plain_text() {
    let upstream = Upstream::sending([lines(&(GOOD.to_owned() + &done(31)))]).await;
    let said = [(Role::System, "Be brief."), (Role::User, "Hi"), (Role::Assistant, "Hello.")];
    let messages = said.map(|(role, content)| Message { role, content: content.to_owned() });
    let request = Request { messages: messages.to_vec(), schema: None, ..request("") };
    read(&provider(&upstream.base_url), request).await;
    let body = upstream.asked()[0].json();
    assert!(body.get("format").is_none());
    assert_eq!(body["messages"][2], json!({"role": "assistant", "content": "Hello."}));
}
