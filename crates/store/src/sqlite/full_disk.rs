//! A disk without room: `max_page_count` makes SQLite fail as a full disk does, and `/dev/full`
//! takes nothing.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use protocol::Snapshot;
use serde_json::json;
use tokio::sync::oneshot;

use super::journal::Segments;
use crate::sqlite::{OpenError, SqliteStore};
use crate::{Appended, Batch, Created, Error, LOCAL_NODE, LogWriter, Record, Store};

async fn limit_pages(store: &SqliteStore, pages: i64) {
    let limit = store.shared.writer.write(move |connection| {
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
        node: LOCAL_NODE.to_owned(),
        input: String::new(),
        idempotency: None,
        first: batch(1, 1),
    }
}

async fn create(store: &SqliteStore, id: &str) -> Box<dyn LogWriter> {
    match store.create(record(id)).await.unwrap() {
        Created::New(writer) => writer,
        Created::Not(earlier) => panic!("{earlier:?}"),
    }
}

/// Waits for one answer.
struct Answer(Mutex<Option<oneshot::Sender<Result<(), Error>>>>);

impl Answer {
    fn say(&self, answer: Result<(), Error>) {
        self.0.lock().unwrap().take().unwrap().send(answer).unwrap();
    }
}

impl Appended for Answer {
    fn committed(&self, _: Batch) {
        self.say(Ok(()));
    }

    fn failed(&self, error: Error) {
        self.say(Err(error));
    }
}

async fn append(log: &dyn LogWriter, batch: Batch) -> Result<(), Error> {
    let (sender, answer) = oneshot::channel();
    log.append(batch, Arc::new(Answer(Mutex::new(Some(sender)))))?;
    answer.await.unwrap()
}

/// The journal's disk is full.
async fn fill(store: &SqliteStore) -> Arc<File> {
    let full = File::options().write(true).open("/dev/full").unwrap();
    store.shared.appender.replace_file(Arc::new(full)).await.unwrap()
}

#[tokio::test]
async fn a_full_disk_is_reported_and_survived() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let log = create(&store, "g").await;
    append(&*log, batch(2, 10_000)).await.unwrap();
    let journal = fill(&store).await;
    let refused = append(&*log, batch(3, 10_000)).await;
    assert!(matches!(refused, Err(Error::Full)), "{refused:?}");
    assert_eq!(store.read("g", 1, 1).await.unwrap(), [batch(2, 10_000)]);
    limit_pages(&store, 4).await;
    let ending = snapshot("g", "failed");
    let refused = log.end(batch(3, 10_000), &ending).await;
    assert!(matches!(refused, Err(Error::Full)));

    limit_pages(&store, 1000).await;
    store.shared.appender.replace_file(journal).await;
    log.end(batch(3, 10_000), &ending).await.unwrap();
    assert_eq!(store.read("g", 2, 1).await.unwrap(), [batch(3, 10_000)]);
}

#[tokio::test]
async fn what_still_fits_is_written_beside_what_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let (a, b) = (create(&store, "a").await, create(&store, "b").await);
    let c = create(&store, "c").await;
    limit_pages(&store, 20).await;
    let end = async |log: Box<dyn LogWriter>, id, bytes| {
        log.end(batch(2, bytes), &snapshot(id, "failed")).await
    };
    let ends = (end(a, "a", 10), end(b, "b", 1_000_000), end(c, "c", 10));
    let (small, large, other) = tokio::join!(ends.0, ends.1, ends.2);
    small.unwrap();
    assert!(matches!(large, Err(Error::Full)), "{large:?}");
    other.unwrap();
    assert_eq!(store.read("a", 1, 1).await.unwrap(), [batch(2, 10)]);
    assert_eq!(store.read("b", 1, 1).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_refused_leaves_no_hole() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let (a, b) = (create(&store, "a").await, create(&store, "b").await);
    let journal = fill(&store).await;
    let (one, other) = tokio::join!(append(&*a, batch(2, 9)), append(&*b, batch(2, 9)));
    assert!(matches!((one, other), (Err(Error::Full), Err(Error::Full))));
    store.shared.appender.replace_file(journal).await;
    append(&*a, batch(2, 9)).await.unwrap();
    drop((store, a, b));
    let store = reopened(folder.path()).await;
    assert_eq!(store.read("a", 1, 99).await.unwrap(), [batch(2, 9)]);
    assert_eq!(store.read("b", 1, 99).await.unwrap(), []);
}

/// What serves a store that was dropped takes a moment to end.
async fn reopened(folder: &Path) -> SqliteStore {
    loop {
        match SqliteStore::open(folder) {
            Ok(store) => return store,
            Err(OpenError::InUse { .. }) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn while_the_database_is_full_the_journal_goes_on_to_a_limit_and_then_moves() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let log = create(&store, "g").await;
    limit_pages(&store, 20).await;
    let mut last = 1;
    let error = loop {
        match append(&*log, batch(last + 1, 1 << 20)).await {
            Ok(()) => last += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Busy), "{error}");
    assert!((10..30).contains(&last), "{last} MiB were taken");
    assert_eq!(store.read("g", last - 1, 1).await.unwrap(), [batch(last, 1 << 20)]);

    limit_pages(&store, 1 << 20).await;
    while let Err(error) = append(&*log, batch(last + 1, 1)).await {
        assert!(matches!(error, Error::Busy), "{error}");
        tokio::task::yield_now().await;
    }
    assert_eq!(store.read("g", last - 1, 1).await.unwrap(), [batch(last, 1 << 20)]);
    assert_eq!(store.read("g", last, 1).await.unwrap(), [batch(last + 1, 1)]);
    store.close().await;
    assert_eq!(Segments::of(folder.path().to_owned()).numbers().unwrap(), [0; 0]);
}

/// There was room for its name, and not for its first bytes.
#[tokio::test]
async fn a_segment_that_could_not_be_begun_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let log = create(&store, "g").await;
    let segments = Segments::of(folder.path().to_owned());
    File::create(segments.path(2)).unwrap();
    for event in 2..30 {
        append(&*log, batch(event, 1 << 20)).await.unwrap();
    }
    assert_eq!(store.read("g", 28, 1).await.unwrap(), [batch(29, 1 << 20)]);
}

#[tokio::test]
async fn deleting_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let (old, new) = (create(&store, "old").await, create(&store, "new").await);
    old.end(batch(2, 50_000), &snapshot("old", "failed")).await.unwrap();
    limit_pages(&store, 30).await;
    let ending = snapshot("new", "failed");
    let refused = new.end(batch(2, 50_000), &ending).await;
    assert!(matches!(refused, Err(Error::Full)));
    assert!(store.delete("", "old").await.unwrap());
    new.end(batch(2, 50_000), &ending).await.unwrap();
}
