use std::time::Duration;

use protocol::{Event, FailureCode, Status};
use tokio::{task, time};

use crate::{
    bench::{Bench, Log, fold, next, rest, within},
    disk,
};

/// Time passes, and everyone hears of it.
async fn pass(duration: Duration) {
    time::pause();
    time::advance(duration).await;
    time::resume();
}

async fn turns() {
    for _ in 0..50 {
        task::yield_now().await;
    }
}

/// Reads until `text` is there.
async fn until(follow: &mut engine::Follow, text: &str) -> Log {
    let mut log = Log::new();
    let has = |log: &Log| {
        log.iter().any(|(_, event)| matches!(event, Event::FieldDelta(it) if it.text == text))
    };
    while !has(&log) {
        log.extend(next(follow).await);
    }
    log
}

#[tokio::test]
async fn a_model_that_is_silent_after_the_document_is_not_waited_for() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut follow = bench.engine.follow(&id, 0).await.unwrap();
    assert!(within(pen.write(r#"{"title":"A","summary":"B"}"#)).await);
    until(&mut follow, "B").await;
    turns().await;
    pass(Duration::from_secs(5)).await;
    turns().await;
    assert_eq!(bench.engine.snapshot(&id).await.unwrap().unwrap().status, Status::Running);
    pass(Duration::from_secs(6)).await;
    rest(follow).await;
    assert_eq!(bench.end(&id).await.snapshot.status, Status::Completed);
    within(pen.dropped()).await;
}

#[tokio::test]
async fn a_model_that_does_not_come_to_an_end_is_ended() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut follow = bench.engine.follow(&id, 0).await.unwrap();
    assert!(within(pen.write(r#"{"title":"A"#)).await);
    until(&mut follow, "A").await;
    pass(Duration::from_secs(29 * 60)).await;
    assert!(within(pen.write("B")).await);
    until(&mut follow, "B").await;
    pass(Duration::from_secs(61)).await;
    rest(follow).await;
    let ended = bench.end(&id).await;
    assert_eq!(ended.failure().code, FailureCode::Timeout);
    assert_eq!(ended.snapshot.text("title"), "AB");
    within(pen.dropped()).await;
}

#[tokio::test]
async fn a_whole_document_is_complete_however_long_it_took() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut follow = bench.engine.follow(&id, 0).await.unwrap();
    assert!(within(pen.write(r#"{"title":"A"#)).await);
    until(&mut follow, "A").await;
    pass(Duration::from_secs(30 * 60 - 5)).await;
    assert!(within(pen.write(r#"","summary":"B"}"#)).await);
    until(&mut follow, "B").await;
    pass(Duration::from_secs(6)).await;
    rest(follow).await;
    assert_eq!(bench.end(&id).await.snapshot.status, Status::Completed);
}

/// The generation ends without what the disk did not take in time, and so it stays.
#[test]
fn a_commit_that_takes_too_long_ends_the_generation() {
    disk::with_one_thread(async {
        let (bench, pen) = Bench::live().await;
        let id = bench.start().await;
        let mut follow = bench.engine.follow(&id, 0).await.unwrap();
        assert!(within(pen.write(r#"{"title":"A"#)).await);
        until(&mut follow, "A").await;
        let release = disk::block();
        for piece in ["B", "C"] {
            assert!(within(pen.write(piece)).await);
            turns().await;
        }
        pass(Duration::from_secs(11)).await;
        let seen = rest(follow).await;
        let [(_, Event::Checkpoint(_)), (last, Event::Failed(failure))] = &seen[..] else {
            panic!("{seen:?}")
        };
        assert_eq!(failure.code, FailureCode::Internal);

        release.send(()).unwrap();
        // Whatever is written from now on is written after what came too late.
        let again = bench.start().await;
        within(bench.engine.stop(&again)).await.unwrap();
        bench.end(&again).await;
        let ended = bench.end(&id).await;
        assert_eq!(ended.log.last(), seen.last());
        assert_eq!((ended.log.len() as u64, ended.snapshot.cursor), (*last, *last));
        assert_eq!(fold(&ended.log).text("title"), Some("A"));
        assert_eq!(ended.snapshot.text("title"), "A");
    });
}
