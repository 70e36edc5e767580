use http::StatusCode;

use crate::stage::{assert_rest, begin, builtin, is_text_of, played, problem, run};

#[tokio::test]
async fn a_viewer_goes_on_from_every_cursor() {
    let server = builtin().await;
    let (id, whole) = run(server.client()).await;
    for after in 0..whole.len() as u64 {
        let mut stream = server.client().follow(&id, after).await;
        assert_rest(&whole, after, &stream.rest().await);
    }
}

#[tokio::test]
async fn a_viewer_goes_on_in_the_middle_of_the_writing() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let mut witness = server.client().follow(&id, 0).await;
    let mut whole = Vec::new();
    let mut viewers = Vec::new();
    for piece in ["{\"title\":\"Ice", " and", " fish\",", "\"summary\":\"It", " froze", ".\"}"] {
        exchange.text(piece).await;
        whole.extend(witness.until(|message| message.event.starts_with("field_")).await);
        for after in [0, 1, whole.len() as u64] {
            viewers.push((after, server.client().follow(&id, after).await));
        }
    }
    exchange.finish("stop").await;
    exchange.done().await;
    whole.extend(witness.rest().await);
    for (after, mut viewer) in viewers {
        assert_rest(&whole, after, &viewer.rest().await);
    }
}

#[tokio::test]
async fn the_larger_of_header_and_parameter_wins() {
    let server = builtin().await;
    let (id, whole) = run(server.client()).await;
    for (header, parameter) in [("2", "4"), ("4", "2"), ("0", "3"), ("003", "1")] {
        let path = format!("/api/generations/{id}/events?after={parameter}");
        let mut stream = server.client().open(&path, &[("last-event-id", header)]).await;
        let after = header.parse::<u64>().unwrap().max(parameter.parse().unwrap());
        assert_rest(&whole, after, &stream.rest().await);
    }
}

#[tokio::test]
async fn from_the_end_there_is_nothing_to_come() {
    let server = builtin().await;
    let (id, whole) = run(server.client()).await;
    let stream = server.client().follow(&id, whole.len() as u64).await;
    assert_eq!(stream.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_reader_that_loses_its_connection_again_and_again_reads_each_event_once() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let mut seen = Vec::new();
    exchange.text("{\"title\":\"T\",\"summary\":\"").await;
    for number in 0..20 {
        exchange.text(&format!("{number} ")).await;
        let after = seen.len() as u64;
        let mut stream = server.client().follow(&id, after).await;
        seen.extend(stream.until(|message| is_text_of(message, "/summary")).await);
    }
    exchange.text("\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    seen.extend(server.client().follow(&id, seen.len() as u64).await.rest().await);
    let whole = server.client().follow(&id, 0).await.rest().await;
    assert_rest(&whole, 0, &seen);
}

#[tokio::test]
async fn a_client_that_asks_for_few_frames_gets_all_text_in_few() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let mut witness = server.client().follow(&id, 0).await;
    let mut whole = Vec::new();
    for piece in ["{\"title\":\"Ice", " and", " fish\",", "\"summary\":\"It", " froze", ".\"}"] {
        exchange.text(piece).await;
        whole.extend(witness.until(|message| message.event.starts_with("field_")).await);
    }
    exchange.finish("stop").await;
    exchange.done().await;
    whole.extend(witness.rest().await);
    for after in 0..whole.len() as u64 {
        let path = format!("/api/generations/{id}/events?after={after}&fps=1000");
        let found = server.client().open(&path, &[]).await.rest().await;
        assert_rest(&whole, after, &found);
        for path in ["/title", "/summary"] {
            assert!(found.iter().filter(|message| is_text_of(message, path)).count() <= 1);
        }
    }
    for fps in ["0", "1001", "many", "-1", ""] {
        let path = format!("/api/generations/{id}/events?fps={fps}");
        let body = problem(&server.client().get(&path).await, 422, "invalid_field");
        assert_eq!(body["field"], "fps");
    }
}
