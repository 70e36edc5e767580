//! Texts that are longer than a model reads: all of it is read, or the generation says that it was
//! not.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use test_support::{Exchange, Launch, Unspool, Upstream, sse::Message};
use tokio_util::task::AbortOnDropHandle;

use crate::stage::{KEY, TEXT, fold, last, launch};

/// What a fake model was asked, in the order of its requests.
type Asked = Arc<Mutex<Vec<Value>>>;

/// Answers every request until it is dropped: notes that name the facts of a part, or the document.
struct Model {
    asked: Asked,
    _serving: AbortOnDropHandle<()>,
}

impl Model {
    fn serving(mut upstream: Upstream, tokens_read: impl Fn(&str) -> u64 + Send + 'static) -> Self {
        let asked = Asked::default();
        let seen = Arc::clone(&asked);
        let serving = tokio::spawn(async move {
            loop {
                let exchange = upstream.next().await;
                seen.lock().unwrap().push(exchange.body.clone());
                let read = tokens_read(&said(&exchange.body));
                answer(exchange, read).await;
            }
        });
        Self { asked, _serving: AbortOnDropHandle::new(serving) }
    }

    fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }

    /// What the requests for notes held, in the order of the text.
    fn parts(&self) -> Vec<String> {
        let asked = self.asked();
        let parts = asked.iter().filter_map(|body| Some((number(body)?, user(body))));
        let mut parts: Vec<_> = parts.collect();
        parts.sort_by_key(|(number, _)| *number);
        parts.into_iter().map(|(_, part)| part).collect()
    }
}

async fn answer(mut exchange: Exchange, tokens_read: u64) {
    let user = user(&exchange.body);
    if is_document(&exchange.body) {
        exchange.text("{\"title\": \"Ice\", \"summary\": \"It froze.\"}").await;
    } else {
        let facts: Vec<&str> = user.split(' ').filter(|word| word.starts_with("FACT")).collect();
        exchange.text(&format!("Noted: {} and no more.", facts.join(" "))).await;
    }
    exchange.finish("stop").await;
    exchange.usage(tokens_read, 20).await;
    exchange.done().await;
}

/// The number of the part that a request is about, if it is about one.
fn number(body: &Value) -> Option<u64> {
    let system = system(body);
    let (_, behind) = system.split_once("is part ")?;
    behind.split(' ').next()?.parse().ok()
}

fn is_document(body: &Value) -> bool {
    body["response_format"].is_object()
}

fn message(body: &Value, role: &str) -> String {
    let messages = body["messages"].as_array().unwrap();
    let found = messages.iter().find(|message| message["role"] == role);
    found.map(|message| message["content"].as_str().unwrap().to_owned()).unwrap_or_default()
}

fn system(body: &Value) -> String {
    message(body, "system")
}

fn user(body: &Value) -> String {
    message(body, "user")
}

fn said(body: &Value) -> String {
    format!("{}{}", system(body), user(body))
}

fn asking(upstream: &Upstream) -> Launch {
    launch().asking(upstream, KEY)
}

async fn run(server: &Unspool, text: &str) -> (Value, Vec<Message>) {
    let id = server.client().start(text).await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    (server.client().snapshot(&id).await, messages)
}

/// A text of about so many bytes with twenty facts in it, at even depths.
fn planted(bytes: usize) -> (String, Vec<String>) {
    let sentence = "The boats of Aldermouth went out and came back with what the sea gave them. ";
    let facts: Vec<String> = (0..20).map(|number| format!("FACT{number:02}x")).collect();
    let share = bytes / facts.len() / sentence.len();
    let mut text = String::new();
    for fact in &facts {
        text.push_str(&sentence.repeat(share / 2));
        text.push_str(&format!("It is known that {fact} was the number. "));
        text.push_str(&sentence.repeat(share - share / 2));
        text.push_str("\n\n");
    }
    (text, facts)
}

#[tokio::test]
async fn facts_at_twenty_depths_of_a_long_text_all_reach_the_model() {
    let (text, facts) = planted(1_000_000);
    let upstream = Upstream::start().await;
    let launch = asking(&upstream).env("UNSPOOL_CONTEXT_TOKENS", "16384");
    let model = Model::serving(upstream, |said| said.len() as u64 / 4);
    let server = launch.start().await;
    let (snapshot, messages) = run(&server, &text).await;

    assert_eq!(last(&messages, "completed")["coverage"], snapshot["coverage"]);
    let parts = model.parts();
    assert_eq!(parts.concat(), text, "the parts are the text");
    for fact in &facts {
        assert!(parts.iter().any(|part| part.contains(fact)), "{fact}");
        let asked = model.asked();
        let document = asked.last().unwrap();
        assert!(is_document(document) && user(document).contains(fact), "{fact} is noted");
    }
    let coverage = &snapshot["coverage"];
    assert_eq!(coverage["read_chars"], text.chars().count());
    assert_eq!(coverage["total_chars"], text.chars().count());
    assert_eq!(coverage["parts"], parts.len());
    let read = coverage["tokens_read"].as_u64().unwrap();
    assert!((250_000..300_000).contains(&read), "{coverage}");
    assert!(coverage["tokens_given"].as_u64().unwrap() >= read * 9 / 10, "{coverage}");
    assert_eq!(fold(&messages).root(), &snapshot["document"]);
    let largest = parts.iter().map(String::len).max().unwrap();
    assert!(largest < 16_384 * 4, "{largest}");
}

#[tokio::test]
async fn progress_counts_the_parts_and_their_notes_are_told() {
    let (text, _) = planted(60_000);
    let upstream = Upstream::start().await;
    let launch = asking(&upstream).env("UNSPOOL_CONTEXT_TOKENS", "4096");
    let _model = Model::serving(upstream, |said| said.len() as u64 / 4);
    let (snapshot, messages) = run(&launch.start().await, &text).await;
    let parts = snapshot["coverage"]["parts"].as_u64().unwrap();
    let progress = messages.iter().filter(|message| message.event == "progress");
    let progress: Vec<Value> = progress.map(Message::json).collect();
    let reading: Vec<_> = progress.iter().filter(|it| it["stage"] == "reading").collect();
    assert_eq!(reading[0], &json!({"stage": "reading", "done": 0, "total": parts}));
    let done: Vec<u64> = reading.iter().map(|it| it["done"].as_u64().unwrap()).collect();
    assert_eq!(done, (0..done.len() as u64).collect::<Vec<_>>());
    assert!(done.len() as u64 >= parts, "the last one is done when merging begins, if ever");
    let notes = messages.iter().filter(|message| message.event == "part_read");
    let mut spans: Vec<(u64, u64)> = notes
        .map(|message| {
            let part = message.json();
            assert!(part["notes"].as_str().unwrap().starts_with("Noted"), "{part}");
            (part["start"].as_u64().unwrap(), part["end"].as_u64().unwrap())
        })
        .collect();
    spans.sort_unstable();
    assert_eq!(spans.len() as u64, parts);
    assert!(spans.windows(2).all(|pair| pair[0].1 == pair[1].0), "{spans:?}");
    assert_eq!(spans.last().unwrap().1, text.chars().count() as u64);
}

#[tokio::test]
async fn what_fits_goes_in_one_piece() {
    let (text, _) = planted(60_000);
    let upstream = Upstream::start().await;
    let launch = asking(&upstream).env("UNSPOOL_CONTEXT_TOKENS", "32768");
    let model = Model::serving(upstream, |said| said.len() as u64 / 4);
    let (snapshot, _) = run(&launch.start().await, &text).await;
    assert_eq!(model.asked().len(), 1);
    assert_eq!(user(&model.asked()[0]), text);
    assert_eq!(snapshot["coverage"]["parts"], 1);
}

#[tokio::test]
async fn a_server_that_counts_is_asked_and_shows_how_far_it_reads() {
    let (text, _) = planted(30_000);
    let mut upstream = Upstream::llamacpp(16_384).await;
    let server = asking(&upstream).start().await;
    let id = server.client().start(&text).await;
    // More than 16384 tokens by the estimate that is safe for any model, and 7,600 by its own.
    let mut exchange = upstream.next().await;
    assert_eq!((&exchange.body["return_progress"], user(&exchange.body)), (&json!(true), text));
    for processed in [2_048, 7_600] {
        let told = json!({"choices": [{"index": 0, "delta": {"content": null}}],
            "prompt_progress": {"total": 7_600, "cache": 0, "processed": processed, "time_ms": 9}});
        exchange.raw(format!("data: {told}\n\n").as_bytes()).await;
    }
    answer(exchange, 7_700).await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    let progress: Vec<Value> =
        messages.iter().filter(|it| it.event == "progress").map(Message::json).collect();
    assert_eq!(progress.last(), Some(&json!({"stage": "prompt", "done": 7_600, "total": 7_600})));
    last(&messages, "completed");
}

#[tokio::test]
async fn a_text_is_split_by_what_the_server_says_it_reads() {
    let (text, facts) = planted(60_000);
    let upstream = Upstream::llamacpp(4_096).await;
    let launch = asking(&upstream);
    let model = Model::serving(upstream, |said| said.len() as u64 / 4);
    let (snapshot, messages) = run(&launch.start().await, &text).await;
    last(&messages, "completed");
    let parts = model.parts();
    assert_eq!(parts.concat(), text);
    assert!(parts.iter().all(|part| part.len() / 4 < 4_096));
    assert!((5..=8).contains(&parts.len()), "{}", parts.len());
    assert_eq!(snapshot["coverage"]["parts"], parts.len());
    assert!(facts.iter().all(|fact| user(model.asked().last().unwrap()).contains(fact)));
}

/// Cuts what is longer than its context to the half of it, as Ollama did, and says nothing.
#[tokio::test]
async fn a_server_that_cuts_without_a_word_is_caught_every_time() {
    const CONTEXT: u64 = 4_096;
    let cut = |tokens: u64| if tokens > CONTEXT { CONTEXT / 2 } else { tokens };
    let (english, _) = planted(200_000);
    let chinese = "荷兰工程师科内利斯·莱利提出用一道大坝封闭须德海。".repeat(2_000);
    for chars in [12_000, 17_500, 24_000, 60_000, 150_000] {
        for (text, a_thousand) in
            [(&english, 250), (&english, 300), (&chinese, 620), (&chinese, 1000)]
        {
            let text: String = text.chars().take(chars).collect();
            let upstream = Upstream::start().await;
            let launch = asking(&upstream);
            let tokens = move |said: &str| said.chars().count() as u64 * a_thousand / 1000;
            let model = Model::serving(upstream, move |said| cut(tokens(said)));
            let server = launch.start().await;
            // The first attempt may be lost, the next one knows better.
            for _ in 0..2 {
                let before = model.asked().len();
                let (snapshot, messages) = run(&server, &text).await;
                let asked = &model.asked()[before..];
                let was_cut = |body: &Value| tokens(&said(body)) > CONTEXT;
                if messages.last().unwrap().event == "completed" {
                    assert!(!was_cut(asked.last().unwrap()), "{chars} at {a_thousand}");
                    let whole = snapshot["coverage"]["parts"] == 1;
                    let read: String = asked
                        .iter()
                        .filter(|body| whole || system(body).contains("is part "))
                        .filter(|body| !was_cut(body))
                        .map(user)
                        .collect();
                    assert_eq!(read.len(), text.len(), "{chars} at {a_thousand}");
                } else {
                    assert_eq!(last(&messages, "failed")["code"], "input_too_long");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_text_that_is_refused_is_split_and_read_again() {
    let (text, _) = planted(60_000);
    let mut upstream = Upstream::start().await;
    let launch = asking(&upstream);
    let server = launch.start().await;
    let id = server.client().start(&text).await;
    let whole = upstream.next().await;
    assert_eq!(user(&whole.body), text);
    let refusal = "This model's maximum context length is 4096 tokens. However, your messages \
                   resulted in 15210 tokens.";
    whole
        .refuse(400, &json!({"error": {"message": refusal, "code": "context_length_exceeded"}}))
        .await;
    let model = Model::serving(upstream, |said| said.len() as u64 / 4);
    let messages = server.client().follow(&id, 0).await.rest().await;
    last(&messages, "completed");
    let parts = model.parts();
    assert_eq!(parts.concat(), text);
    assert!(parts.iter().all(|part| part.len() / 4 < 4_096));
}

#[tokio::test]
async fn a_part_that_breaks_off_is_read_again_alone() {
    let (text, _) = planted(30_000);
    let mut upstream = Upstream::start().await;
    let launch = asking(&upstream).env("UNSPOOL_CONTEXT_TOKENS", "4096");
    let server = launch.start().await;
    let id = server.client().start(&text).await;
    let mut broken = upstream.next().await;
    broken.text("Noted: hal").await;
    let lost = user(&broken.body);
    broken.close();
    let model = Model::serving(upstream, |said| said.len() as u64 / 4);
    let messages = server.client().follow(&id, 0).await.rest().await;
    last(&messages, "completed");
    let parts = model.parts();
    assert_eq!(parts.iter().filter(|part| **part == lost).count(), 1);
    let bytes: usize = parts.iter().map(String::len).sum();
    assert_eq!(bytes, text.len(), "each is read once");
}

#[tokio::test]
async fn parts_that_were_read_are_not_read_again_after_a_kill() {
    let (text, _) = planted(60_000);
    let mut upstream = Upstream::start().await;
    let launch = asking(&upstream).env("UNSPOOL_CONTEXT_TOKENS", "4096");
    let server = launch.start().await;
    let id = server.client().start(&text).await;
    let mut stream = server.client().follow(&id, 0).await;
    let mut read = Vec::new();
    for _ in 0..3 {
        let exchange = upstream.next().await;
        read.push(user(&exchange.body));
        answer(exchange, 2_000).await;
        stream.until(|message| message.event == "part_read").await;
    }
    let server = server.kill().await;
    while upstream.waiting().is_some() {}
    let model = Model::serving(upstream, |said| said.len() as u64 / 4);
    let server = server.start().await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    last(&messages, "completed");
    let again = model.parts();
    assert!(read.iter().all(|part| !again.contains(part)), "nothing is paid for twice");
    let bytes = |parts: &[String]| parts.iter().map(String::len).sum::<usize>();
    assert_eq!(bytes(&read) + bytes(&again), text.len(), "and all of it is read");
    let restarted = messages.iter().filter(|message| message.event == "continued");
    assert_eq!(restarted.map(Message::json).collect::<Vec<_>>(), [json!({"reason": "restarted"})]);
}

#[tokio::test]
async fn a_short_text_asks_nobody() {
    let mut upstream = Upstream::start().await;
    let server = asking(&upstream).start().await;
    let id = server.client().start(TEXT).await;
    let exchange = upstream.next().await;
    assert_eq!(user(&exchange.body), TEXT);
    assert!(
        exchange.body.get("return_progress").is_none(),
        "others may refuse what is new to them"
    );
    answer(exchange, 100).await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    let coverage = last(&messages, "completed")["coverage"].clone();
    assert_eq!((&coverage["parts"], &coverage["tokens_read"]), (&json!(1), &json!(100)));
}
