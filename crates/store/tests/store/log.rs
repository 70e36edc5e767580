use std::future::poll_fn;
use std::sync::Arc;

use proptest::prelude::*;
use protocol::Status;
use store::{Error, Head, Log, ReadOutcome, Reader};

use crate::sample::{
    append, batch, complete, create, end_after, ended, open, record, replay, wire,
};

#[tokio::test]
async fn replay_gives_the_exact_bytes_after_any_event() {
    let (_folder, store) = open();
    let log = create(&store, "g").await;
    for (first, last) in [(2, 2), (3, 7), (8, 20)] {
        append(&store, &log, batch(first, last)).await.unwrap();
    }
    for after in 0..=20 {
        assert_eq!(replay(&store, "g", after, usize::MAX).await, wire(after + 1..=20), "{after}");
    }
    assert_eq!(store.frames("g", 21, 100).await.unwrap(), []);
    assert_eq!(store.frames("g", u64::MAX, 100).await.unwrap(), []);
}

#[tokio::test]
async fn a_page_has_at_least_one_batch_and_no_more_than_asked_for() {
    let (_folder, store) = open();
    let log = create(&store, "g").await;
    append(&store, &log, batch(2, 5)).await.unwrap();
    append(&store, &log, batch(6, 6)).await.unwrap();
    assert_eq!(store.frames("g", 1, 0).await.unwrap(), [batch(2, 5)]);
    let two = batch(1, 1).frames.len() + batch(2, 5).frames.len();
    assert_eq!(store.frames("g", 0, two - 1).await.unwrap(), [batch(1, 1)]);
    assert_eq!(store.frames("g", 0, two).await.unwrap(), [batch(1, 1), batch(2, 5)]);
}

#[tokio::test]
async fn holes_repeats_and_events_after_the_end_are_refused() {
    let (_folder, store) = open();
    let log = create(&store, "g").await;
    append(&store, &log, batch(2, 4)).await.unwrap();
    let mut backwards = batch(5, 5);
    backwards.last = 4;
    let wrong = [batch(6, 6), batch(4, 4), batch(2, 5), batch(1, 9), backwards];
    for wrong in &wrong {
        let refused = append(&store, &log, wrong.clone()).await;
        assert!(matches!(refused, Err(Error::OutOfOrder)), "{refused:?}");
    }
    for wrong in wrong {
        let refused = store.end(&log, wrong, &ended("g", "t", "s", 9)).await;
        assert!(matches!(refused, Err(Error::OutOfOrder)), "{refused:?}");
    }
    assert_eq!(store.snapshot("someone", "g").await.unwrap().unwrap().status, Status::Running);

    store.end(&log, batch(5, 5), &ended("g", "t", "s", 5)).await.unwrap();
    let late = append(&store, &log, batch(6, 6)).await;
    assert!(matches!(late, Err(Error::OutOfOrder)), "{late:?}");
    let again = store.end(&log, batch(6, 6), &ended("g", "t", "s", 6)).await;
    assert!(matches!(again, Err(Error::OutOfOrder)), "{again:?}");
    assert_eq!(replay(&store, "g", 0, usize::MAX).await, wire(1..=5));
}

/// Whoever was told too late that it was done asks again.
#[tokio::test]
async fn an_end_may_be_repeated_and_nothing_comes_of_it() {
    let (_folder, store) = open();
    let log = create(&store, "g").await;
    let end = ended("g", "t", "s", 3);
    for _ in 0..2 {
        store.end(&log, batch(2, 3), &end).await.unwrap();
    }
    assert_eq!(replay(&store, "g", 0, 1000).await, wire(1..=3));
    assert_eq!(log.page(0, usize::MAX), [batch(1, 1), batch(2, 3)]);
    assert_eq!(store.head("someone", "g").await.unwrap(), Some(Head { cursor: 3, ended: true }));
    let another = store.end(&log, batch(3, 3), &end).await;
    assert!(matches!(another, Err(Error::OutOfOrder)), "{another:?}");
}

#[tokio::test]
async fn a_log_begins_with_event_1() {
    let (_folder, store) = open();
    let mut late = record("g");
    late.log = Arc::new(Log::new("g", batch(2, 2)));
    assert!(matches!(store.create(late).await, Err(Error::OutOfOrder)));
    assert_eq!(store.snapshot("someone", "g").await.unwrap(), None);
}

#[tokio::test]
async fn the_last_batch_saves_the_snapshot() {
    let (_folder, store) = open();
    let log = create(&store, "g").await;
    assert_eq!(store.snapshot("someone", "g").await.unwrap(), Some(record("g").snapshot));
    assert_eq!(store.input("someone", "g").await.unwrap(), Some(record("g").input));
    assert_eq!(store.unfinished().await.unwrap(), [record("g").snapshot]);

    let end = ended("g", "Title", "Summary", 2);
    store.end(&log, batch(2, 2), &end).await.unwrap();
    assert_eq!(store.snapshot("someone", "g").await.unwrap(), Some(end));
    assert_eq!(store.unfinished().await.unwrap(), []);
}

#[tokio::test]
async fn everything_is_there_after_reopening() {
    let (folder, store) = open();
    complete(&store, "old", "Old", "news").await;
    store.create(record("new")).await.unwrap();
    store.close().await;
    let store = store::Store::open(folder.path()).unwrap();
    assert_eq!(replay(&store, "old", 0, 1).await, wire(1..=2));
    assert_eq!(store.unfinished().await.unwrap(), [record("new").snapshot]);
    end_after(&store, "new", 1).await;
    assert_eq!(replay(&store, "new", 0, 1).await, wire(1..=2));
}

#[tokio::test]
async fn deleting_leaves_nothing_behind() {
    let (folder, store) = open();
    complete(&store, "gone", "Gone", "for good").await;
    complete(&store, "kept", "Kept", "as it was").await;
    assert!(store.delete("someone", "gone").await.unwrap());
    assert!(!store.delete("someone", "gone").await.unwrap());
    assert_eq!(store.snapshot("someone", "gone").await.unwrap(), None);
    assert_eq!(store.input("someone", "gone").await.unwrap(), None);
    assert!(matches!(store.frames("gone", 0, 1).await, Err(Error::UnknownGeneration)));
    let log = Log::new("gone", batch(2, 2));
    let late = store.end(&log, batch(3, 3), &ended("gone", "t", "s", 3)).await;
    assert!(matches!(late, Err(Error::UnknownGeneration)));
    assert_eq!(replay(&store, "kept", 0, 1).await, wire(1..=2));
    store.close().await;

    let database = rusqlite::Connection::open(folder.path().join("unspool.db")).unwrap();
    for (table, rows) in [("generation", 1), ("input", 1), ("log", 2)] {
        let count = format!("SELECT count(*) FROM {table}");
        let found: i64 = database.query_row(&count, [], |row| row.get(0)).unwrap();
        assert_eq!(found, rows, "{table}");
    }
}

#[tokio::test]
async fn one_batch_of_a_log_is_under_way_at_a_time() {
    let (_folder, store) = open();
    let log = create(&store, "g").await;
    store.append(&log, batch(2, 2)).unwrap();
    for next in [batch(2, 2), batch(3, 3)] {
        assert!(matches!(store.append(&log, next), Err(Error::OutOfOrder)));
    }
    poll_fn(|context| log.poll_written(context)).await.unwrap();
    append(&store, &log, batch(3, 3)).await.unwrap();
    assert_eq!(replay(&store, "g", 0, 1).await, wire(1..=3));
}

#[tokio::test]
async fn nothing_is_seen_before_it_is_committed() {
    let (_folder, store) = open();
    let log = create(&store, "g").await;
    let reader = Reader::new(Arc::clone(&log));
    let reader = &reader;
    let after = |cursor| poll_fn(move |context| reader.poll_after(cursor, context));
    let mut waiting = after(1);
    store.append(&log, batch(2, 3)).unwrap();
    assert!(futures::poll!(&mut waiting).is_pending());
    assert_eq!((log.head(), log.after(1)), (Head { cursor: 1, ended: false }, None));
    assert_eq!(waiting.await, ReadOutcome::Batch { batch: batch(2, 3), is_newest: true });
    assert_eq!(after(2).await, ReadOutcome::Batch { batch: batch(3, 3), is_newest: true });
    assert_eq!(after(0).await, ReadOutcome::Batch { batch: batch(1, 1), is_newest: false });

    let last = ended("g", "t", "s", 4);
    let end = async { store.end(&log, batch(4, 4), &last).await.unwrap() };
    let (following, ()) = tokio::join!(after(3), end);
    assert_eq!(following, ReadOutcome::Batch { batch: batch(4, 4), is_newest: true });
    assert_eq!(log.head(), Head { cursor: 4, ended: true });
    assert_eq!(after(4).await, ReadOutcome::Nothing);
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let (_folder, store) = open();
    let other = store.clone();
    let log = create(&store, "runs").await;
    store.close().await;
    assert!(matches!(append(&other, &log, batch(2, 2)).await, Err(Error::Closed)));
    assert!(matches!(other.create(record("g")).await, Err(Error::Closed)));
    assert!(matches!(other.snapshot("someone", "g").await, Err(Error::Closed)));
    other.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn pages_add_up_to_the_log(
        sizes in prop::collection::vec(1u64..12, 1..30),
        after in 0u64..200,
        max_bytes in 0usize..3000,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let (_folder, store) = open();
            let log = create(&store, "g").await;
            let mut last = 1;
            for size in sizes {
                append(&store, &log, batch(last + 1, last + size)).await.unwrap();
                last += size;
            }
            let after = after.min(last);
            assert_eq!(replay(&store, "g", after, max_bytes).await, wire(after + 1..=last));
        });
    }
}
