use store::{Created, Idempotency, Log, Record};

use crate::sample::{batch, ended, open, record};

fn keyed(id: &str, key: &str, fingerprint: &[u8]) -> Record {
    let idempotency = Some(Idempotency { key: key.into(), fingerprint: fingerprint.into() });
    Record { idempotency, ..record(id) }
}

#[tokio::test]
async fn the_same_request_gives_the_same_generation() {
    let (_folder, store) = open();
    assert_eq!(store.create(keyed("a", "k", b"body")).await.unwrap(), Created::New);
    let again = store.create(keyed("b", "k", b"body")).await.unwrap();
    assert_eq!(again, Created::Existing(Box::new(record("a").snapshot)));
    assert_eq!(store.snapshot("someone", "b").await.unwrap(), None);

    let end = ended("a", "t", "s", 2);
    store.end(&Log::new("a", batch(1, 1)), batch(2, 2), &end).await.unwrap();
    let again = store.create(keyed("c", "k", b"body")).await.unwrap();
    assert_eq!(again, Created::Existing(Box::new(end)));
}

#[tokio::test]
async fn a_key_is_for_one_request_of_one_owner() {
    let (_folder, store) = open();
    store.create(keyed("a", "k", b"body")).await.unwrap();
    assert_eq!(store.create(keyed("b", "k", b"other")).await.unwrap(), Created::KeyReused);
    assert_eq!(store.snapshot("someone", "b").await.unwrap(), None);

    let elsewhere = Record { owner: "someone else".into(), ..keyed("c", "k", b"other") };
    assert_eq!(store.create(elsewhere).await.unwrap(), Created::New);
    store.delete("someone", "a").await.unwrap();
    assert_eq!(store.create(keyed("d", "k", b"other")).await.unwrap(), Created::New);
}

#[tokio::test]
async fn at_once_only_one_is_made() {
    let (_folder, store) = open();
    let made = futures::future::join_all((0..50).map(|n| {
        let store = store.clone();
        async move { store.create(keyed(&format!("g{n}"), "k", b"body")).await.unwrap() }
    }))
    .await;
    assert_eq!(made.iter().filter(|made| **made == Created::New).count(), 1);
    assert_eq!(store.list("someone", "", None, 100).await.unwrap().generations.len(), 1);
}
