use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use serde_json::json;
use test_support::{EventStream, sse::Message};

use crate::stage::{builtin, launch, problem};

fn numbers(messages: &[Message]) -> Vec<u64> {
    messages.iter().filter(|message| message.event == "message").map(Message::number).collect()
}

/// The time of day as China writes it, as numbers: `2026/1/5 09:03:07`.
fn time(text: &str) -> Vec<u32> {
    let (date, clock) = text.split_once(' ').unwrap();
    assert!(clock.split(':').all(|part| part.len() == 2), "{text}");
    assert!(!date.contains("/0") && date.split('/').count() == 3, "{text}");
    let parts = date.split('/').chain(clock.split(':'));
    parts.map(|part| part.parse().unwrap()).collect()
}

async fn two_of_clock(stream: &mut EventStream) -> [Message; 2] {
    [stream.next().await.unwrap(), stream.next().await.unwrap()]
}

#[tokio::test]
async fn numbered_messages_are_announced_counted_and_summed_up() {
    let server = builtin().await;
    let path = "/stream?count=3&delay=0.1&message=%E6%B3%A2%20&enable_heartbeat=false";
    let began = Instant::now();
    let mut stream = server.client().open(path, &[]).await;
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(stream.header("content-type"), "text/event-stream; charset=utf-8");
    assert_eq!(stream.header("cache-control"), "no-cache, no-transform");
    assert_eq!(stream.header("x-accel-buffering"), "no");
    let messages = stream.rest().await;
    assert!(began.elapsed() >= Duration::from_millis(200), "the delay was not kept");
    let names: Vec<_> = messages.iter().map(|message| message.event.as_str()).collect();
    assert_eq!(names, ["init", "config", "message", "message", "message", "done"]);

    let [init, config, first, second, third, done] =
        messages.iter().map(Message::json).collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(messages[0].retry, Some(3000));
    let connection = &init["connection_id"];
    assert!(connection.as_str().is_some_and(|id| !id.is_empty()));
    assert_eq!((&init["start_id"], &init["message"]), (&json!(1), &json!("波 ")));
    assert_eq!(config, json!({"count": 3, "delay": 0.1, "message": "波 "}));
    for (index, message) in [first, second, third].iter().enumerate() {
        assert_eq!(messages[index + 2].number(), index as u64 + 1);
        assert_eq!((&message["id"], &message["index"]), (&json!(index + 1), &json!(index)));
        assert!(message["message"].as_str().unwrap().starts_with("波 "));
        assert!(message["timestamp"].as_f64().unwrap() > 1.7e9);
    }
    assert_eq!(&done["connection_id"], connection);
    assert_eq!((&done["total"], &done["total_events"]), (&json!(3), &json!(3)));
    assert!(done["duration"].as_f64().unwrap() >= 0.2);
}

#[tokio::test]
async fn what_is_not_asked_for_has_a_default() {
    let server = builtin().await;
    let mut stream = server.client().open("/stream", &[]).await;
    stream.next().await.unwrap();
    let config = stream.next().await.unwrap().json();
    let count = config["count"].as_u64().unwrap();
    assert!((1..=100).contains(&count), "{config}");
    assert!((0.1..=5.0).contains(&config["delay"].as_f64().unwrap()), "{config}");
    assert!(!config["message"].as_str().unwrap().is_empty(), "{config}");
    assert_eq!(stream.next().await.unwrap().number(), 1);
}

#[tokio::test]
async fn what_is_out_of_range_is_refused_and_the_range_is_named() {
    let server = builtin().await;
    for (query, field, least, most) in [
        ("count=0", "count", "1", "100"),
        ("count=101", "count", "1", "100"),
        ("count=-3", "count", "1", "100"),
        ("count=2.5", "count", "1", "100"),
        ("count=many", "count", "1", "100"),
        ("count=99999999999999999999999", "count", "1", "100"),
        ("delay=0.09", "delay", "0.1", "5"),
        ("delay=5.01", "delay", "0.1", "5"),
        ("delay=-1", "delay", "0.1", "5"),
        ("delay=NaN", "delay", "0.1", "5"),
        ("delay=inf", "delay", "0.1", "5"),
        ("delay=", "delay", "0.1", "5"),
        ("enable_heartbeat=perhaps", "enable_heartbeat", "true", "false"),
    ] {
        let answer = server.client().get(&format!("/stream?{query}")).await;
        let body = problem(&answer, 422, "invalid_field");
        assert_eq!(body["field"], field, "{query}");
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.contains(least) && detail.contains(most), "{query}: {detail}");
    }
}

#[tokio::test]
async fn the_ends_of_the_ranges_are_accepted() {
    let server = builtin().await;
    for query in ["count=1&delay=0.1", "count=100&delay=5", "count=1&delay=5.0&message="] {
        let mut stream = server.client().open(&format!("/stream?{query}"), &[]).await;
        assert_eq!(stream.status(), StatusCode::OK, "{query}");
        assert_eq!(stream.next().await.unwrap().event, "init");
    }
}

#[tokio::test]
async fn a_reader_who_comes_back_gets_the_rest() {
    let server = builtin().await;
    let path = "/stream?count=8&delay=0.1";
    let mut stream = server.client().open(path, &[]).await;
    stream.until(|message| message.number() == 5).await;
    let seen = stream.last_event_id().to_owned();
    drop(stream);

    let mut stream = server.client().open(path, &[("last-event-id", &seen)]).await;
    let rest = stream.rest().await;
    assert_eq!(rest[0].json()["start_id"], 6);
    assert_eq!(numbers(&rest), [6, 7, 8]);
    let done = rest.last().unwrap();
    assert_eq!(done.event, "done");
    assert_eq!((&done.json()["total"], &done.json()["total_events"]), (&json!(8), &json!(3)));

    let by_query = server.client().open(&format!("{path}&after=6"), &[]).await.rest().await;
    assert_eq!(numbers(&by_query), [7, 8]);
    let path = format!("{path}&after=2");
    let larger = server.client().open(&path, &[("last-event-id", "7")]).await.rest().await;
    assert_eq!(numbers(&larger), [8]);
}

#[tokio::test]
async fn there_is_nothing_after_the_end_and_nothing_beyond_it() {
    let server = builtin().await;
    let client = server.client();
    let over = client.open("/stream?count=8", &[("last-event-id", "8")]).await;
    assert_eq!(over.status(), StatusCode::NO_CONTENT);
    for bad in ["9", "abc", "-1", "1.5", "", "99999999999999999999999"] {
        let request = client.request(Method::GET, "/stream?count=8").header("last-event-id", bad);
        let answer = client.send(request.body(test_support::whole(""))).await;
        let body = problem(&answer, 400, "invalid_parameter");
        assert_eq!(body["field"], "Last-Event-ID", "{bad:?}");
    }
}

#[tokio::test]
async fn heartbeats_can_be_switched_off() {
    let server = launch().flag("heartbeat-ms", "25").start().await;
    for (query, beats) in
        [("", true), ("&enable_heartbeat=true", true), ("&enable_heartbeat=false", false)]
    {
        let path = format!("/stream?count=2&delay=1.5{query}");
        let mut stream = server.client().open(&path, &[]).await;
        let messages = stream.rest().await;
        assert_eq!(numbers(&messages), [1, 2]);
        assert_eq!(stream.heartbeats() > 0, beats, "{query:?}: {}", stream.heartbeats());
    }
}

#[tokio::test]
async fn the_ticker_counts_from_nought() {
    let server = builtin().await;
    let mut stream = server.client().open("/stream-sse", &[]).await;
    assert_eq!(stream.header("content-type"), "text/event-stream; charset=utf-8");
    for expected in ["Message 0", "Message 1"] {
        let message = stream.next().await.unwrap();
        assert_eq!((message.event.as_str(), message.data.as_str()), ("message", expected));
    }
}

#[tokio::test]
async fn the_clock_tells_when_it_was_asked_and_then_each_second() {
    let server = builtin().await;
    let mut shanghai = server.client().open("/clock", &[]).await;
    let [first, second] = two_of_clock(&mut shanghai).await;
    assert_eq!((first.event.as_str(), first.retry), ("connecttime", Some(10_000)));
    assert_eq!((second.event.as_str(), second.retry), ("message", None));
    let (first, second) = (time(&first.data), time(&second.data));
    let passed = (60 + second[5] - first[5]) % 60;
    assert!((1..=3).contains(&passed), "{first:?} {second:?}");
}

#[tokio::test]
async fn the_clock_shows_the_time_of_the_zone_that_is_asked_for() {
    let server = builtin().await;
    let told =
        async |path: &str| time(&server.client().open(path, &[]).await.next().await.unwrap().data);
    let minutes = |time: &[u32]| 60 * time[3] + time[4];
    let shanghai = minutes(&told("/clock?tz=Asia/Shanghai").await);
    let paris = minutes(&told("/clock?tz=Europe/Paris").await);
    // Paris is seven hours behind, or six in summer.
    let behind = (24 * 60 + shanghai - paris) % (24 * 60);
    assert!((359..=361).contains(&behind) || (419..=421).contains(&behind), "{behind}");
}

#[tokio::test]
async fn a_zone_that_does_not_exist_is_refused() {
    let server = builtin().await;
    for zone in ["Mars/Olympus", "", "..%2F..%2Fetc%2Fpasswd", "%00"] {
        let answer = server.client().get(&format!("/clock?tz={zone}")).await;
        assert_eq!(problem(&answer, 422, "invalid_field")["field"], "tz", "{zone:?}");
    }
}

#[tokio::test]
async fn streams_without_end_do_not_keep_the_server_from_closing_down() {
    let server = builtin().await;
    let mut streams = Vec::new();
    for path in ["/stream-sse", "/clock", "/stream?count=100&delay=5"] {
        let mut stream = server.client().open(path, &[]).await;
        stream.next().await.unwrap();
        streams.push(stream);
    }
    server.terminate();
    for stream in &mut streams {
        stream.rest().await;
    }
    let exit = server.ended().await;
    assert_eq!(exit.status.code(), Some(0), "{}", exit.stderr);
    assert!(exit.took < Duration::from_secs(3), "{:?}", exit.took);
}

#[tokio::test]
async fn head_and_options_are_answered_at_once() {
    let server = builtin().await;
    let client = server.client();
    let (id, _) = crate::stage::run(client).await;
    let events = format!("/api/generations/{id}/events");
    for path in ["/stream", "/stream-sse", "/clock", &events] {
        let answer =
            client.send(client.request(Method::HEAD, path).body(test_support::whole(""))).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "text/event-stream; charset=utf-8", "{path}");
        assert!(answer.body.is_empty());
        let request = client.request(Method::OPTIONS, path);
        let answer = client.send(request.body(test_support::whole(""))).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert!(answer.body.len() < 1_000, "{path}: {}", answer.text());
    }
    crate::connections::none_open(client).await;
}
