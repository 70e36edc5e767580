use http::StatusCode;
use serde_json::{Value, json};
use test_support::sse::Message;

use crate::stage::{KEY, builtin, launch, played, problem};
use test_support::Upstream;

const OPENING: &str = "开始生成响应...";
const ENDING: &str = "响应生成完成";

fn chunk(field: &str, text: &str) -> Value {
    json!({"status": "chunk", "data": {field: text}})
}

/// What a client makes of its messages.
fn read(messages: &[Message]) -> (String, String) {
    let (mut title, mut summary) = (String::new(), String::new());
    for data in messages.iter().map(Message::json).filter(|data| data["status"] == "chunk") {
        title.push_str(data["data"]["title"].as_str().unwrap_or_default());
        summary.push_str(data["data"]["summary"].as_str().unwrap_or_default());
    }
    (title, summary)
}

#[tokio::test]
async fn the_messages_are_those_of_the_first_server() {
    let (server, mut upstream) = played().await;
    let mut stream = server.client().open("/helloworld?text=%E6%96%B0", &[]).await;
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(stream.header("content-type"), "text/event-stream; charset=utf-8");
    let mut exchange = upstream.next().await;
    assert_eq!(exchange.body["messages"].as_array().unwrap().last().unwrap()["content"], "新");
    let mut messages = vec![stream.next().await.unwrap()];
    for (piece, brings) in [
        ("{\"title\": \"", 1),
        ("科技", 1),
        ("发展", 1),
        ("新\", ", 1),
        ("\"summary\": \"", 1),
        ("随着", 1),
        ("时代\"}", 1),
    ] {
        exchange.text(piece).await;
        for _ in 0..brings {
            messages.push(stream.next().await.unwrap());
        }
    }
    exchange.finish("stop").await;
    exchange.done().await;
    messages.extend(stream.rest().await);
    let told: Vec<_> = messages.iter().map(Message::json).collect();
    let expected = [
        json!({"status": "start", "message": OPENING}),
        chunk("title", ""),
        chunk("title", "科技"),
        chunk("title", "发展"),
        chunk("title", "新"),
        chunk("summary", ""),
        chunk("summary", "随着"),
        chunk("summary", "时代"),
        json!({"status": "end", "message": ENDING}),
    ];
    assert_eq!(told, expected);
    assert!(messages.iter().all(|message| message.event == "message"));
}

#[tokio::test]
async fn the_builtin_provider_speaks_that_way_too() {
    let server = builtin().await;
    let text = "%E5%9C%B0%E9%93%81%E6%AF%8F%E5%A4%A9%E8%BF%90%E9%80%81%E4%B8%89%E7%99%BE%E4%B8%87%E4%BA%BA%E3%80%82";
    let messages =
        server.client().open(&format!("/helloworld?text={text}"), &[]).await.rest().await;
    let told: Vec<_> = messages.iter().map(Message::json).collect();
    assert_eq!(told[0], json!({"status": "start", "message": OPENING}));
    assert_eq!(told[1], chunk("title", ""));
    assert_eq!(told.last().unwrap(), &json!({"status": "end", "message": ENDING}));
    let (title, summary) = read(&messages);
    assert!(!title.is_empty());
    assert_eq!(summary, "地铁每天运送三百万人。");
}

#[tokio::test]
async fn without_a_text_it_reads_its_sample() {
    let server = builtin().await;
    let messages = server.client().open("/helloworld", &[]).await.rest().await;
    let (title, summary) = read(&messages);
    assert!(!title.is_empty() && summary.chars().count() > 20, "{title} {summary}");
}

#[tokio::test]
async fn it_goes_on_where_a_reader_lost_it() {
    let server = builtin().await;
    let whole = server.client().open("/helloworld", &[]).await.rest().await;
    let datas = |messages: &[Message]| messages.iter().map(|m| m.data.clone()).collect::<Vec<_>>();
    for seen in [1, 2, whole.len() / 2, whole.len() - 1] {
        let id = whole[seen - 1].id.as_str();
        let mut stream = server.client().open("/helloworld", &[("last-event-id", id)]).await;
        assert_eq!(datas(&stream.rest().await), datas(&whole[seen..]), "after {id}");
    }
    let end = whole.last().unwrap().id.as_str();
    let over = server.client().open("/helloworld", &[("last-event-id", end)]).await;
    assert_eq!(over.status(), StatusCode::NO_CONTENT);
    let listed = server.client().get("/api/generations").await.json();
    assert_eq!(listed["generations"].as_array().unwrap().len(), 1, "nothing was started anew");
}

#[tokio::test]
async fn what_goes_wrong_is_told_in_a_message() {
    let mut upstream = Upstream::start().await;
    let server = launch().asking(&upstream, KEY).start().await;
    let mut stream = server.client().open("/helloworld?text=hello", &[]).await;
    upstream.next().await.refuse(401, &json!({"error": {"message": KEY}})).await;
    let last = stream.rest().await.pop().unwrap();
    assert_eq!(last.event, "message");
    assert_eq!(last.json()["status"], "error");
    let message = last.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("UNSPOOL_API_KEY") && !message.contains(KEY), "{message}");
}

#[tokio::test]
async fn bad_ids_and_texts_are_refused_at_once() {
    let server = builtin().await;
    let blank = server.client().get("/helloworld?text=%20").await;
    assert_eq!(problem(&blank, 422, "invalid_field")["field"], "text");
    for bad in ["x", "-", "-1", "abc-x"] {
        let request = server.client().request(http::Method::GET, "/helloworld");
        let request = request.header("last-event-id", bad).body(test_support::whole(""));
        let answer = server.client().send(request).await;
        assert!(answer.status.is_client_error(), "{bad}: {answer:?}");
        assert!(answer.header("content-type").starts_with("application/problem+json"));
    }
}
