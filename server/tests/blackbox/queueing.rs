use serde_json::json;
use test_support::{Launch, Upstream};

use crate::stage::{KEY, TEXT, begin, last, launch, problem};

fn one_at_a_time(upstream: &Upstream, waiting: &str) -> Launch {
    launch().asking(upstream, KEY).flag("max-running", "1").flag("max-waiting", waiting)
}

#[tokio::test]
async fn who_has_to_wait_is_told_and_has_its_turn() {
    let mut upstream = Upstream::start().await;
    let server = one_at_a_time(&upstream, "1").start().await;
    let (_, first) = begin(server.client(), &mut upstream).await;
    let id = server.client().start(TEXT).await;
    let mut stream = server.client().follow(&id, 0).await;
    let told = stream.until(|message| message.event == "progress").await;
    assert_eq!(last(&told, "progress"), json!({"stage": "queued", "done": 0, "total": 1}));
    assert!(upstream.waiting().is_none(), "its turn has not come");

    first.answer("Ice", "It froze.").await;
    upstream.next().await.answer("Fish", "It was sold.").await;
    last(&stream.rest().await, "completed");
    assert_eq!(server.client().snapshot(&id).await["document"]["title"], "Fish");
}

#[tokio::test]
async fn who_waits_can_be_stopped() {
    let mut upstream = Upstream::start().await;
    let server = one_at_a_time(&upstream, "1").start().await;
    let (_, _first) = begin(server.client(), &mut upstream).await;
    let id = server.client().start(TEXT).await;
    server.client().post(&format!("/api/generations/{id}/stop"), &json!(null)).await;
    last(&server.client().follow(&id, 0).await.rest().await, "stopped");
}

#[tokio::test]
async fn when_as_many_wait_as_may_one_is_told_to_come_again() {
    let mut upstream = Upstream::start().await;
    let server = one_at_a_time(&upstream, "0").start().await;
    let (_, _first) = begin(server.client(), &mut upstream).await;
    let answer = server.client().post("/api/generations", &json!({"text": TEXT})).await;
    problem(&answer, 503, "overloaded");
    assert!(answer.header("retry-after").parse::<u32>().is_ok());
}

#[tokio::test]
async fn who_waits_when_the_server_closes_down_is_not_begun() {
    let mut upstream = Upstream::start().await;
    let server = one_at_a_time(&upstream, "1").start().await;
    let (_, first) = begin(server.client(), &mut upstream).await;
    let id = server.client().start(TEXT).await;
    let mut stream = server.client().follow(&id, 0).await;
    stream.until(|message| message.event == "progress").await;
    let mut log = server.stderr();
    server.terminate();
    log.find(|said| said.contains("closing down").then_some(())).await.unwrap();
    // Its turn would come now.
    first.answer("Ice", "It froze.").await;
    let failed = last(&stream.rest().await, "failed");
    assert_eq!((&failed["code"], &failed["retryable"]), (&"interrupted".into(), &true.into()));
    server.ended().await;
    assert!(upstream.waiting().is_none(), "the provider was asked");
}
