use std::time::Duration;

use engine::StartError;
use llm::{Scripted, Step};
use protocol::{Event, FailureCode, Status};

use crate::bench::{Bench, OWNER, next, rest, start, within};

#[tokio::test]
async fn stop_drops_the_answer_and_keeps_what_had_arrived() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
    next(&mut subscription).await;
    assert!(within(pen.write("{\"title\": \"Half a ti")).await);
    next(&mut subscription).await;
    assert!(bench.engine.stop(OWNER, &id).await.unwrap());
    within(pen.dropped()).await;
    let log = rest(subscription).await;
    assert_eq!(log.last().unwrap().1, Event::Stopped {});
    let snapshot = bench.engine.snapshot(OWNER, &id).await.unwrap().unwrap();
    assert_eq!((snapshot.status, snapshot.text("title")), (Status::Stopped, "Half a ti"));
}

#[tokio::test]
async fn to_stop_twice_or_after_the_end_changes_nothing() {
    let (bench, _pen) = Bench::live().await;
    let id = bench.start().await;
    assert!(bench.engine.stop(OWNER, &id).await.unwrap());
    assert!(bench.engine.stop(OWNER, &id).await.unwrap());
    let ended = bench.end(&id).await;
    assert!(bench.engine.stop(OWNER, &id).await.unwrap());
    assert_eq!(bench.end(&id).await.log, ended.log);
    assert!(!bench.engine.stop(OWNER, "nobody").await.unwrap());
}

#[tokio::test]
async fn delete_stops_what_runs_and_leaves_nothing() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut subscription = bench.engine.subscribe(OWNER, &id, 1).await.unwrap();
    assert!(within(pen.write("{\"title\": \"Ice")).await);
    next(&mut subscription).await;
    assert!(within(bench.engine.delete(OWNER, &id)).await.unwrap());
    within(pen.dropped()).await;
    assert!(bench.engine.snapshot(OWNER, &id).await.unwrap().is_none());
    assert!(bench.engine.input(OWNER, &id).await.unwrap().is_none());
    assert!(!bench.engine.delete(OWNER, &id).await.unwrap());
}

#[tokio::test]
async fn closing_down_starts_nothing_and_interrupts_what_does_not_end() {
    let bench =
        Bench::with(Scripted::new([Step::Text("{\"title\": \"A".into()), Step::Hang])).await;
    let id = bench.start().await;
    let mut subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
    while !matches!(next(&mut subscription).await.last(), Some((_, Event::FieldDelta(_)))) {}
    let (grace, patience) = (Duration::from_millis(20), Duration::from_secs(10));
    within(bench.engine.shut_down(grace, patience)).await;
    let ended = bench.end(&id).await;
    let failure = ended.failure();
    assert_eq!((failure.code, failure.retryable), (FailureCode::Interrupted, true));
    assert_eq!(ended.snapshot.text("title"), "A");
    let refused = bench.engine.start(start("Another text.")).await;
    assert!(matches!(refused, Err(StartError::ShuttingDown)));
}

/// Its model has only not said so yet.
#[tokio::test]
async fn a_document_that_is_whole_is_complete_when_the_server_closes_down() {
    let whole = Step::Text(r#"{"title":"A","summary":"B"}"#.into());
    let bench = Bench::with(Scripted::new([whole, Step::Hang])).await;
    let id = bench.start().await;
    let mut subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
    while bench.engine.snapshot(OWNER, &id).await.unwrap().unwrap().completed.len() < 2 {
        next(&mut subscription).await;
    }
    let (grace, patience) = (Duration::from_millis(20), Duration::from_secs(15));
    within(bench.engine.shut_down(grace, patience)).await;
    assert_eq!(bench.end(&id).await.snapshot.status, Status::Completed);
}

#[tokio::test]
async fn closing_down_waits_for_what_ends_by_itself() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let engine = bench.engine.clone();
    let long = Duration::from_secs(15);
    let closing = tokio::spawn(async move { engine.shut_down(long, long).await });
    assert!(within(pen.write(r#"{"title":"A","summary":"B"}"#)).await);
    assert!(within(pen.finish()).await);
    within(closing).await.unwrap();
    assert_eq!(bench.end(&id).await.snapshot.status, Status::Completed);
}
