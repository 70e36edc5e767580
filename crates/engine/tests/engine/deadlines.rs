use std::time::Duration;

use engine::{Limits, Start, StartError, StoreError, Subscription};
use llm::{Pen, Scripted};
use protocol::{Event, FailureCode, Status};
use tokio::{task, time};

use crate::{
    bench::{Bench, Log, OWNER, fold, next, rest, start, within},
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
async fn until(subscription: &mut Subscription, text: &str) -> Log {
    let mut log = Log::new();
    let has = |log: &Log| {
        log.iter().any(|(_, event)| matches!(event, Event::FieldDelta(it) if it.text == text))
    };
    while !has(&log) {
        log.extend(next(subscription).await);
    }
    log
}

/// A generation whose model has written `piece`, once a viewer has seen that `text` is new.
async fn written(piece: &str, text: &str) -> (Bench, Pen, String, Subscription) {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
    assert!(within(pen.write(piece)).await);
    until(&mut subscription, text).await;
    (bench, pen, id, subscription)
}

#[tokio::test]
async fn a_model_that_is_silent_after_the_document_is_not_waited_for() {
    let (bench, pen, id, subscription) = written(r#"{"title":"A","summary":"B"}"#, "B").await;
    turns().await;
    pass(Duration::from_secs(5)).await;
    turns().await;
    assert_eq!(bench.engine.snapshot(OWNER, &id).await.unwrap().unwrap().status, Status::Running);
    pass(Duration::from_secs(6)).await;
    rest(subscription).await;
    assert_eq!(bench.end(&id).await.snapshot.status, Status::Completed);
    within(pen.dropped()).await;
}

#[tokio::test]
async fn a_model_that_does_not_come_to_an_end_is_ended() {
    let (bench, pen, id, mut subscription) = written(r#"{"title":"A"#, "A").await;
    pass(Duration::from_secs(29 * 60)).await;
    assert!(within(pen.write("B")).await);
    until(&mut subscription, "B").await;
    pass(Duration::from_secs(61)).await;
    rest(subscription).await;
    let ended = bench.end(&id).await;
    assert_eq!(ended.failure().code, FailureCode::Timeout);
    assert_eq!(ended.snapshot.text("title"), "AB");
    within(pen.dropped()).await;
}

#[tokio::test]
async fn a_whole_document_is_complete_however_long_it_took() {
    let (bench, pen, id, mut subscription) = written(r#"{"title":"A"#, "A").await;
    pass(Duration::from_secs(30 * 60 - 5)).await;
    assert!(within(pen.write(r#"","summary":"B"}"#)).await);
    until(&mut subscription, "B").await;
    pass(Duration::from_secs(6)).await;
    rest(subscription).await;
    assert_eq!(bench.end(&id).await.snapshot.status, Status::Completed);
}

/// The generation ends without what the disk did not take in time, and so it stays.
#[test]
fn a_commit_that_takes_too_long_ends_the_generation() {
    disk::with_one_thread(async {
        let (bench, pen, id, subscription) = written(r#"{"title":"A"#, "A").await;
        let release = disk::block();
        for piece in ["B", "C"] {
            assert!(within(pen.write(piece)).await);
            turns().await;
        }
        pass(Duration::from_secs(11)).await;
        let seen = rest(subscription).await;
        let [(_, Event::Checkpoint(_)), (last, Event::Failed(failure))] = &seen[..] else {
            panic!("{seen:?}")
        };
        assert_eq!(failure.code, FailureCode::Internal);

        release.send(()).unwrap();
        // Whatever is written from now on is written after what came too late.
        let again = bench.start().await;
        within(bench.engine.stop(OWNER, &again)).await.unwrap();
        bench.end(&again).await;
        let ended = bench.end(&id).await;
        assert_eq!(ended.log.last(), seen.last());
        assert_eq!((ended.log.len() as u64, ended.snapshot.cursor), (*last, *last));
        assert_eq!(fold(&ended.log).text("title"), Some("A"));
        assert_eq!(ended.snapshot.text("title"), "A");
    });
}

/// What it says last would be missing from what is called complete.
#[test]
fn an_answer_whose_end_the_disk_does_not_take_in_time_has_failed() {
    disk::with_one_thread(async {
        let (bench, pen, id, subscription) = written(r#"{"title":"A"#, "A").await;
        let release = disk::block();
        assert!(within(pen.write(r#"","summary":"B"}"#)).await);
        turns().await;
        drop(pen);
        turns().await;
        pass(Duration::from_secs(11)).await;
        rest(subscription).await;
        release.send(()).unwrap();
        let ended = bench.end(&id).await;
        assert_eq!(ended.failure().code, FailureCode::Internal);
        assert_eq!(fold(&ended.log).text("summary"), None);
    });
}

/// Nor is it complete without its middle, although there is room for its last words.
#[test]
fn an_answer_of_which_the_disk_does_not_take_a_part_has_failed() {
    disk::with_one_thread(async {
        let (bench, pen, id, mut subscription) = written(r#"{"title":"A"#, "A").await;
        let release = disk::block();
        assert!(within(pen.write("B")).await);
        turns().await;
        for piece in ["\",\"summary\":\"", &"x".repeat(100_000), "\"}"] {
            assert!(within(pen.write(piece)).await);
        }
        drop(pen);
        turns().await;
        let release_again = disk::block();
        release.send(()).unwrap();
        until(&mut subscription, "B").await;
        turns().await;
        pass(Duration::from_secs(11)).await;
        rest(subscription).await;
        release_again.send(()).unwrap();
        let ended = bench.end(&id).await;
        assert_eq!(ended.failure().code, FailureCode::Internal);
        assert_eq!(fold(&ended.log).text("title"), Some("AB"));
        assert_eq!(fold(&ended.log).text("summary"), None);
    });
}

/// Whoever asked could not be told; whoever asks again with the same key finds it.
#[tokio::test]
async fn what_begins_too_late_runs_all_the_same() {
    let bench = Bench::with(Scripted::text(r#"{"title":"A","summary":"B"}"#, 1)).await;
    let start = || Start { key: Some("key".to_owned()), ..start("A text to be read.") };
    let lock = disk::lock(&bench.database());
    let (engine, first) = (bench.engine.clone(), start());
    let asked = tokio::spawn(async move { engine.start(first).await });
    turns().await;
    pass(Duration::from_secs(11)).await;
    let answer = within(asked).await.unwrap();
    assert!(matches!(answer, Err(StartError::Store(StoreError::Busy))), "{answer:?}");
    drop(lock);
    let begun = async {
        loop {
            let listed = bench.engine.list("someone", "", None, 10).await.unwrap();
            if let [begun] = &listed.generations[..] {
                return begun.id.clone();
            }
        }
    };
    let begun = within(begun).await;
    assert_eq!(bench.end(&begun).await.snapshot.status, Status::Completed);
    assert_eq!(bench.engine.start(start()).await.unwrap().id, begun);
}

/// No second try would help: whoever watches is let go, and another one may run.
#[tokio::test]
async fn an_end_that_can_never_be_recorded_gives_its_place_back() {
    let (scripted, pen) = Scripted::live();
    let limits = Limits { running: 1, waiting: 0, ..Limits::default() };
    let bench = Bench::limited(scripted, limits).await;
    let id = bench.start().await;
    let mut subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
    next(&mut subscription).await;
    disk::forget(&bench.database());
    drop(pen);
    let end = within(subscription.next()).await;
    assert!(matches!(end, Err(StoreError::Abandoned)), "{end:?}");
    let another = async { while bench.engine.start(start("Another.")).await.is_err() {} };
    within(another).await;
}

/// It is there as it stands, and ends as soon as the disk takes it.
#[tokio::test]
async fn an_end_that_the_disk_refuses_is_tried_again_however_long_it_takes() {
    let (bench, pen, id, mut subscription) = written(r#"{"title":"A"#, "A").await;
    disk::refuse_ends(&bench.database());
    // There is no sentence to look up: nothing but the end is left to be recorded.
    assert!(within(pen.write(r#"B","summary":""}"#)).await);
    drop(pen);
    // But for the end, the disk has taken it all.
    let is_last = |(_, event): &(u64, Event)| matches!(event, Event::FieldCompleted(it) if it.path == "/summary");
    while !next(&mut subscription).await.iter().any(is_last) {}
    for _ in 0..100 {
        turns().await;
        // Whoever writes next is answered after the try.
        assert!(!within(bench.engine.delete(OWNER, "nobody's")).await.unwrap());
        turns().await;
        pass(Duration::from_secs(31)).await;
    }
    let snapshot = bench.engine.snapshot(OWNER, &id).await.unwrap().unwrap();
    assert_eq!((snapshot.status, snapshot.text("title")), (Status::Running, "AB"));
    assert!(bench.engine.subscribe(OWNER, &id, snapshot.cursor).await.is_ok());

    disk::take_ends(&bench.database());
    // The try that is under way may still be refused: the next one is not.
    for _ in 0..2 {
        turns().await;
        assert!(!within(bench.engine.delete(OWNER, "nobody's")).await.unwrap());
        turns().await;
        pass(Duration::from_secs(31)).await;
    }
    rest(subscription).await;
    assert_eq!(bench.end(&id).await.snapshot.status, Status::Completed);
}
