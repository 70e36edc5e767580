use store::{Error, Head, LOCAL_NODE, Record, Store};

use super::{Place, open};
use crate::sample::{batch, create, ended, record, replay, unfinished, wire};

pub(crate) async fn a_log_begins_with_event_1<P: Place>() {
    let (_place, store) = open::<P>().await;
    let late = Record { first: batch(2, 2), ..record("g") };
    assert!(matches!(store.create(late).await, Err(Error::OutOfOrder)));
    assert_eq!(store.snapshot("someone", "g").await.unwrap(), None);
}

pub(crate) async fn the_last_batch_saves_the_snapshot<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    assert_eq!(store.snapshot("someone", "g").await.unwrap(), Some(record("g").snapshot));
    assert_eq!(store.input("someone", "g").await.unwrap(), Some(record("g").input));
    assert_eq!(store.unfinished(LOCAL_NODE).await.unwrap(), [unfinished("g")]);

    let end = ended("g", "Title", "Summary", 2);
    log.end(batch(2, 2), &end).await.unwrap();
    assert_eq!(store.snapshot("someone", "g").await.unwrap(), Some(end));
    assert_eq!(store.unfinished(LOCAL_NODE).await.unwrap(), []);
    assert_eq!(store.head("someone", "g").await.unwrap(), Some(Head { cursor: 2, ended: true }));
}

pub(crate) async fn nothing_follows_the_end<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    log.end(batch(2, 5), &ended("g", "t", "s", 5)).await.unwrap();
    let late = log.append(batch(6, 6)).await;
    assert!(matches!(late, Err(Error::OutOfOrder)), "{late:?}");
    let again = log.end(batch(6, 6), &ended("g", "t", "s", 6)).await;
    assert!(matches!(again, Err(Error::OutOfOrder)), "{again:?}");
    assert_eq!(replay(&store, "g", 0, usize::MAX).await, wire(1..=5));
}

/// Whoever was told too late that it was done asks again.
pub(crate) async fn an_end_may_be_repeated_and_nothing_comes_of_it<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    log.append(batch(2, 2)).await.unwrap();
    let end = ended("g", "t", "s", 4);
    for _ in 0..2 {
        log.end(batch(3, 4), &end).await.unwrap();
    }
    assert_eq!(replay(&store, "g", 0, 1000).await, wire(1..=4));
    assert_eq!(store.head("someone", "g").await.unwrap(), Some(Head { cursor: 4, ended: true }));
    let another = log.end(batch(4, 4), &end).await;
    assert!(matches!(another, Err(Error::OutOfOrder)), "{another:?}");
}

/// Unless it was quicker: then the end does not follow.
pub(crate) async fn what_is_under_way_at_the_end_is_not_in_the_log<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    let under_way = log.begin_append(batch(2, 3)).unwrap();
    let ended = log.end(batch(2, 2), &ended("g", "t", "s", 2)).await;
    let last = match under_way.await.unwrap() {
        Ok(()) => {
            assert!(matches!(ended, Err(Error::OutOfOrder)), "{ended:?}");
            3
        }
        Err(_) => {
            ended.unwrap();
            2
        }
    };
    assert_eq!(replay(&store, "g", 0, 1000).await, wire(1..=last));
}

pub(crate) async fn a_closed_store_says_so<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "runs").await;
    store.close().await;
    assert!(matches!(log.append(batch(2, 2)).await, Err(Error::Closed)));
    assert!(matches!(log.end(batch(2, 2), &ended("runs", "t", "s", 2)).await, Err(Error::Closed)));
    assert!(matches!(store.create(record("g")).await, Err(Error::Closed)));
    assert!(matches!(store.snapshot("someone", "g").await, Err(Error::Closed)));
    store.close().await;
}
