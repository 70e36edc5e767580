use store::{Error, Store};

use super::{Place, open};
use crate::sample::{batch, complete, create, ended, replay, wire};

pub(crate) async fn deleting_leaves_nothing_behind<P: Place>() {
    let (_place, store) = open::<P>().await;
    complete(&store, "gone", "Gone", "for good").await;
    complete(&store, "kept", "Kept", "as it was").await;
    assert!(!store.delete("someone else", "gone").await.unwrap());
    assert!(store.delete("someone", "gone").await.unwrap());
    assert!(!store.delete("someone", "gone").await.unwrap());
    assert_eq!(store.snapshot("someone", "gone").await.unwrap(), None);
    assert_eq!(store.input("someone", "gone").await.unwrap(), None);
    assert_eq!(store.head("someone", "gone").await.unwrap(), None);
    assert!(matches!(store.read("gone", 0, 1).await, Err(Error::UnknownGeneration)));
    assert_eq!(replay(&store, "kept", 0, 1).await, wire(1..=2));
}

pub(crate) async fn what_runs_can_be_deleted<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    log.append(batch(2, 2)).await.unwrap();
    assert!(store.delete("someone", "g").await.unwrap());
    let late = log.append(batch(3, 3)).await;
    assert!(matches!(late, Err(Error::OutOfOrder)), "{late:?}");
    let late = log.end(batch(3, 3), &ended("g", "t", "s", 3)).await;
    assert!(matches!(late, Err(Error::UnknownGeneration)), "{late:?}");
}
