use std::time::Duration;

use store::{Record, Retention, Store};

use super::{Place, open};
use crate::sample::{batch, born, ended, record};

/// A generation of about `bytes`, created at `created_ms`.
async fn add(store: &dyn Store, id: &str, created_ms: u64, bytes: usize, ends: bool) {
    let mut new = Record { input: "x".repeat(bytes), ..record(id) };
    new.snapshot.created_ms = created_ms;
    let log = born(store, new).await;
    if ends {
        log.end(batch(2, 2), &ended(id, "t", "s", 2)).await.unwrap();
    } else {
        log.append(batch(2, 2)).await.unwrap();
    }
}

/// Removes all that is to go, and counts it.
async fn prune(store: &dyn Store, keep: Retention, now_ms: u64) -> u64 {
    let mut removed = 0;
    loop {
        match store.prune(keep, now_ms).await.unwrap().removed {
            0 => return removed,
            some => removed += some,
        }
    }
}

async fn left(store: &dyn Store) -> Vec<String> {
    let page = store.list("someone", "", None, 1000).await.unwrap();
    page.generations.into_iter().map(|line| line.id).collect()
}

pub(crate) async fn the_old_go_but_never_a_running_one<P: Place>() {
    let (_place, store) = open::<P>().await;
    add(&store, "runs", 1_000, 10, false).await;
    add(&store, "old", 2_000, 10, true).await;
    add(&store, "edge", 5_000, 10, true).await;
    add(&store, "new", 9_000, 10, true).await;
    let keep = Retention { max_age: Some(Duration::from_secs(5)), max_bytes: None };
    assert_eq!(prune(&store, keep, 10_000).await, 1);
    assert_eq!(left(&store).await, ["new", "edge", "runs"]);
    assert_eq!(prune(&store, keep, 10_000).await, 0);
    assert_eq!(prune(&store, Retention::default(), u64::MAX).await, 0);
}

pub(crate) async fn the_oldest_go_until_the_rest_fits<P: Place>() {
    let (_place, store) = open::<P>().await;
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

pub(crate) async fn what_is_kept_of_an_answer_counts_too<P: Place>() {
    let (_place, store) = open::<P>().await;
    for n in 1..=10 {
        let id = format!("g{n}");
        let log = born(&store, Record { input: "x".into(), ..record(&id) }).await;
        let summary = "y".repeat(10_000);
        log.end(batch(2, 2), &ended(&id, "t", &summary, 2)).await.unwrap();
    }
    // The snapshot holds the answer, and so does what is searched.
    let keep = Retention { max_age: None, max_bytes: Some(65_000) };
    assert_eq!(prune(&store, keep, u64::MAX).await, 7);
}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The time of a test, some decades after 1970.
const NOW_MS: u64 = 20_000 * DAY_MS;

const A_MONTH: Retention =
    Retention { max_age: Some(Duration::from_secs(30 * 24 * 60 * 60)), max_bytes: None };

/// Created 40 days ago, just as long ago as is kept, and now.
async fn add_some(store: &dyn Store) {
    for (id, days_ago) in [("old", 40), ("month", 30), ("new", 0)] {
        add(store, id, NOW_MS - days_ago * DAY_MS, 10, true).await;
    }
}

pub(crate) async fn a_clock_that_jumps_empties_no_history<P: Place>() {
    let (place, store) = open::<P>().await;
    add_some(&store).await;
    assert_eq!(prune(&store, A_MONTH, NOW_MS).await, 1);
    let far = NOW_MS + 3650 * DAY_MS;
    let pruned = store.prune(A_MONTH, far).await.unwrap();
    assert_eq!((pruned.removed, pruned.clock_is_doubted), (0, true));
    add(&store, "made in the future", far, 10, true).await;
    store.close().await;

    // A restart makes it no truer, and what was written meanwhile does not vouch for it.
    let store = place.open().await;
    assert_eq!(prune(&store, A_MONTH, far + 2 * DAY_MS).await, 0);
    assert_eq!(left(&store).await, ["made in the future", "new", "month"]);

    let pruned = store.prune(A_MONTH, NOW_MS + DAY_MS).await.unwrap();
    assert_eq!((pruned.removed, pruned.clock_is_doubted), (1, false), "it was set right");
    assert_eq!(left(&store).await, ["made in the future", "new"]);
}

pub(crate) async fn a_machine_that_starts_years_ahead_removes_only_what_is_old_among_the_rest<
    P: Place,
>() {
    let (_place, store) = open::<P>().await;
    add_some(&store).await;
    let far = NOW_MS + 3650 * DAY_MS;
    assert_eq!(prune(&store, A_MONTH, far).await, 1);
    assert_eq!(left(&store).await, ["new", "month"]);
    assert_eq!(prune(&store, A_MONTH, far + 2 * DAY_MS).await, 0);
    assert_eq!(prune(&store, A_MONTH, far + 3 * DAY_MS).await, 2, "it has gone on for three days");
}

pub(crate) async fn what_was_made_while_the_clock_was_wrong_is_as_old_as_its_neighbours<
    P: Place,
>() {
    let (_place, store) = open::<P>().await;
    add(&store, "first", NOW_MS, 10, true).await;
    add(&store, "in 1970", 5, 10, true).await;
    add(&store, "ahead", NOW_MS + 3650 * DAY_MS, 10, true).await;
    add(&store, "last", NOW_MS + DAY_MS, 10, true).await;
    assert_eq!(prune(&store, A_MONTH, NOW_MS + DAY_MS).await, 0);
    for days in 2..=31 {
        store.prune(A_MONTH, NOW_MS + days * DAY_MS).await.unwrap();
    }
    assert_eq!(left(&store).await, ["last", "ahead"]);
    prune(&store, A_MONTH, NOW_MS + 32 * DAY_MS).await;
    assert_eq!(left(&store).await, ["ahead"]);
}
