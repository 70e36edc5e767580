use store::{Created, Earlier, Idempotency, Record, Store};

use super::{Place, open};
use crate::sample::{batch, born, ended, record};

fn key(fingerprint: &[u8]) -> Idempotency {
    Idempotency { key: "k".into(), fingerprint: fingerprint.into() }
}

fn keyed(id: &str, fingerprint: &[u8]) -> Record {
    Record { idempotency: Some(key(fingerprint)), ..record(id) }
}

/// What was started before, as whoever asks for another one is told.
async fn earlier(store: &dyn Store, id: &str, fingerprint: &[u8]) -> Earlier {
    let Created::Not(earlier) = store.create(keyed(id, fingerprint)).await.unwrap() else {
        panic!("{id} was created");
    };
    assert_eq!(store.snapshot("someone", id).await.unwrap(), None);
    assert_eq!(store.find("someone", &key(fingerprint)).await.unwrap(), Some(earlier.clone()));
    earlier
}

pub(crate) async fn the_same_request_gives_the_same_generation<P: Place>() {
    let (_place, store) = open::<P>().await;
    assert_eq!(store.find("someone", &key(b"body")).await.unwrap(), None);
    let log = born(&store, keyed("a", b"body")).await;
    let at_birth = Earlier::SameRequest(Box::new(record("a").snapshot));
    assert_eq!(earlier(&store, "b", b"body").await, at_birth);

    let end = ended("a", "t", "s", 2);
    log.end(batch(2, 2), &end).await.unwrap();
    assert_eq!(earlier(&store, "c", b"body").await, Earlier::SameRequest(Box::new(end)));
}

pub(crate) async fn a_key_is_for_one_request_of_one_owner<P: Place>() {
    let (_place, store) = open::<P>().await;
    born(&store, keyed("a", b"body")).await;
    assert_eq!(earlier(&store, "b", b"other").await, Earlier::OtherRequest);

    born(&store, Record { owner: "someone else".into(), ..keyed("c", b"other") }).await;
    store.delete("someone", "a").await.unwrap();
    born(&store, keyed("d", b"other")).await;
}

pub(crate) async fn at_once_only_one_is_made<P: Place>() {
    let (_place, store) = open::<P>().await;
    let made = futures::future::join_all((0..50).map(|n| {
        let store = store.clone();
        async move { store.create(keyed(&format!("g{n}"), b"body")).await.unwrap() }
    }))
    .await;
    assert_eq!(made.iter().filter(|made| matches!(made, Created::New(_))).count(), 1);
    assert_eq!(store.list("someone", "", None, 100).await.unwrap().generations.len(), 1);
}
