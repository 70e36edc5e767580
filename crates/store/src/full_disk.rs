//! A disk without room: `max_page_count` makes SQLite fail as a full disk does.

use bytes::Bytes;
use protocol::Snapshot;
use serde_json::json;

use crate::{Batch, Error, Record, Store};

async fn limit_pages(store: &Store, pages: i64) {
    let limit = store.writer.write(move |connection| {
        Ok(connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?)
    });
    limit.await.unwrap();
}

fn snapshot(id: &str, status: &str) -> Snapshot {
    serde_json::from_value(json!({
        "id": id, "status": status, "document": {}, "completed": [], "cursor": 1,
        "provider": "", "model": "", "shape": "summary", "language": "auto", "length": "medium",
        "input_chars": 0, "preview": "", "created_ms": 0,
        "usage": null, "timings": null, "coverage": null,
    }))
    .unwrap()
}

fn batch(event: u64, bytes: usize) -> Batch {
    let data = "x".repeat(bytes);
    let frames = Bytes::from(format!("id: {event}\nevent: reasoning\ndata: \"{data}\"\n\n"));
    Batch { first: event, last: event, frames }
}

fn record(id: &str) -> Record {
    Record {
        snapshot: snapshot(id, "running"),
        owner: String::new(),
        input: String::new(),
        idempotency: None,
        batch: batch(1, 1),
    }
}

#[tokio::test]
async fn a_full_disk_is_reported_and_survived() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    store.create(record("g")).await.unwrap();
    limit_pages(&store, 40).await;
    let mut last = 1;
    let error = loop {
        match store.append("g", batch(last + 1, 10_000), None).await {
            Ok(()) => last += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Full), "{error}");
    assert!(last > 2, "some fitted");
    let ending = Some(snapshot("g", "failed"));
    let refused = store.append("g", batch(last + 1, 10_000), ending.clone()).await;
    assert!(matches!(refused, Err(Error::Full)));
    assert_eq!(store.frames("g", last - 1, 1).await.unwrap(), [batch(last, 10_000)]);

    limit_pages(&store, 1000).await;
    store.append("g", batch(last + 1, 10_000), ending).await.unwrap();
    assert_eq!(store.frames("g", last, 1).await.unwrap(), [batch(last + 1, 10_000)]);
}

#[tokio::test]
async fn what_still_fits_is_written_beside_what_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    for id in ["a", "b", "c"] {
        store.create(record(id)).await.unwrap();
    }
    limit_pages(&store, 20).await;
    let (small, large, other) = tokio::join!(
        store.append("a", batch(2, 10), None),
        store.append("b", batch(2, 1_000_000), None),
        store.append("c", batch(2, 10), None),
    );
    small.unwrap();
    assert!(matches!(large, Err(Error::Full)), "{large:?}");
    other.unwrap();
    assert_eq!(store.frames("a", 1, 1).await.unwrap(), [batch(2, 10)]);
    assert_eq!(store.frames("b", 1, 1).await.unwrap(), []);
}

#[tokio::test]
async fn deleting_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    for id in ["old", "new"] {
        store.create(record(id)).await.unwrap();
    }
    store.append("old", batch(2, 50_000), None).await.unwrap();
    limit_pages(&store, 30).await;
    assert!(matches!(store.append("new", batch(2, 50_000), None).await, Err(Error::Full)));
    assert!(store.delete("old").await.unwrap());
    store.append("new", batch(2, 50_000), None).await.unwrap();
}
