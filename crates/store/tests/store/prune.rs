use std::sync::Arc;
use std::time::Duration;

use store::{Record, Retention, Store};

use crate::sample::{append, batch, ended, open, record};

/// A generation of about `bytes`, created at `created_ms`.
async fn add(store: &Store, id: &str, created_ms: u64, bytes: usize, ends: bool) {
    let mut born = Record { input: "x".repeat(bytes), ..record(id) };
    born.snapshot.created_ms = created_ms;
    let log = Arc::clone(&born.log);
    store.create(born).await.unwrap();
    if ends {
        store.end(&log, batch(2, 2), &ended(id, "t", "s", 2)).await.unwrap();
    } else {
        append(store, &log, batch(2, 2)).await.unwrap();
    }
}

/// Removes all that is to go, and counts it.
async fn prune(store: &Store, keep: Retention, now_ms: u64) -> u64 {
    let mut removed = 0;
    loop {
        match store.prune(keep, now_ms).await.unwrap() {
            0 => return removed,
            some => removed += some,
        }
    }
}

async fn left(store: &Store) -> Vec<String> {
    let page = store.list("someone", "", None, 1000).await.unwrap();
    page.generations.into_iter().map(|line| line.id).collect()
}

#[tokio::test]
async fn the_old_go_but_never_a_running_one() {
    let (_folder, store) = open();
    add(&store, "runs", 1_000, 10, false).await;
    add(&store, "old", 2_000, 10, true).await;
    add(&store, "edge", 5_000, 10, true).await;
    add(&store, "new", 9_000, 10, true).await;
    let keep = Retention { max_age: Some(Duration::from_secs(5)), max_bytes: None };
    assert_eq!(prune(&store, keep, 10_000).await, 1);
    assert_eq!(left(&store).await, ["new", "edge", "runs"]);
    assert_eq!(store.prune(keep, 10_000).await.unwrap(), 0);
    assert_eq!(store.prune(Retention::default(), u64::MAX).await.unwrap(), 0);
}

#[tokio::test]
async fn the_oldest_go_until_the_rest_fits() {
    let (_folder, store) = open();
    add(&store, "runs", 0, 50_000, false).await;
    for n in 1..=100 {
        add(&store, &format!("g{n}"), n, 10_000, true).await;
    }
    // Each takes its input and some 300 bytes of log.
    let keep = Retention { max_age: None, max_bytes: Some(35_000) };
    assert_eq!(prune(&store, keep, 1_000).await, 97);
    assert_eq!(left(&store).await, ["g100", "g99", "g98", "runs"]);
    let none = Retention { max_age: None, max_bytes: Some(0) };
    assert_eq!(prune(&store, none, 1_000).await, 3);
    assert_eq!(left(&store).await, ["runs"]);
}

#[tokio::test]
async fn what_is_kept_of_an_answer_counts_too() {
    let (_folder, store) = open();
    for n in 1..=10 {
        let born = Record { input: "x".into(), ..record(&format!("g{n}")) };
        let (id, log) = (born.snapshot.id.clone(), Arc::clone(&born.log));
        store.create(born).await.unwrap();
        let summary = "y".repeat(10_000);
        store.end(&log, batch(2, 2), &ended(&id, "t", &summary, 2)).await.unwrap();
    }
    // The snapshot holds the answer, and so does what is searched.
    let keep = Retention { max_age: None, max_bytes: Some(65_000) };
    assert_eq!(prune(&store, keep, u64::MAX).await, 7);
}
