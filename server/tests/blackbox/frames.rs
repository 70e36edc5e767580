use http::StatusCode;

use test_support::sse::Message;

use crate::stage::{begin, builtin, event, fold, played, run};

#[tokio::test]
async fn the_stream_has_the_headers_that_proxies_and_browsers_need() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    let stream = server.client().follow(&id, 0).await;
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(stream.header("content-type"), "text/event-stream; charset=utf-8");
    assert_eq!(stream.header("cache-control"), "no-cache, no-transform");
    assert_eq!(stream.header("x-accel-buffering"), "no");
    assert_eq!(stream.header("content-encoding"), "");
}

#[tokio::test]
async fn a_frame_is_an_id_a_name_and_one_line_of_json() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    let mut stream = server.client().follow(&id, 0).await;
    let messages = stream.rest().await;
    let body = String::from_utf8(stream.received().to_vec()).unwrap();
    let body = body.strip_prefix("retry: 1000\n").expect("the first frame says when to retry");
    let frames: Vec<&str> = body.split_inclusive("\n\n").collect();
    assert_eq!(frames.len(), messages.len());
    for (frame, (number, message)) in frames.iter().zip((1..).zip(&messages)) {
        let expected =
            format!("id: {number}\nevent: {}\ndata: {}\n\n", message.event, message.data);
        assert_eq!(*frame, expected);
        assert!(message.json().is_object());
    }
    assert_eq!(messages[0].retry, Some(1000));
}

#[tokio::test]
async fn started_is_first_and_the_only_terminal_event_is_last() {
    let server = builtin().await;
    let (id, messages) = run(server.client()).await;
    assert_eq!(messages[0].event, "started");
    let started = messages[0].json();
    assert_eq!(started["generation_id"], id);
    assert_eq!(started["provider"], "builtin");
    assert_eq!(started["shape"], "summary");
    let terminal: Vec<_> = messages.iter().filter(|message| event(message).is_terminal()).collect();
    assert_eq!(terminal, [messages.last().unwrap()]);
    assert_eq!(messages.last().unwrap().event, "completed");
}

#[tokio::test]
async fn fields_begin_grow_and_end_in_this_order() {
    let (server, mut upstream) = played().await;
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    exchange.answer("Ice \"and\" fish", "Two\nlines, 新 😀").await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    fold(&messages);
    let is_beside = |message: &&Message| ["checkpoint", "evidence"].contains(&&*message.event);
    let told = messages.iter().filter(|message| !is_beside(message));
    let told: Vec<_> = told.map(|message| (message.event.as_str(), message.json())).collect();
    let names: Vec<_> = told.iter().map(|(name, _)| *name).collect();
    let field = ["field_started", "field_delta", "field_completed"];
    assert_eq!(names, [&["started"][..], &field, &field, &["completed"]].concat());
    assert_eq!(told[1].1, serde_json::json!({"path": "/title"}));
    assert_eq!(told[2].1, serde_json::json!({"path": "/title", "text": "Ice \"and\" fish"}));
    assert_eq!(told[3].1, serde_json::json!({"path": "/title"}));
    assert_eq!(told[5].1["text"], "Two\nlines, 新 😀");
    assert_eq!(told[7].1["finish_reason"], "stop");
}
