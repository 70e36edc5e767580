use std::sync::{Arc, Mutex};

use engine::{Engine, Limits, StoreError, SubscribeError};
use llm::{Scripted, Step};
use protocol::{Document, Event, FailureCode, FieldDelta, FieldStarted, Kind, Started, Status};
use store::{Appended, Batch, Created, LOCAL_NODE, Record, Store, sqlite::SqliteStore};
use tokio::sync::oneshot;

use crate::bench::{Bench, OWNER, fold, rest};

/// A log as a killed server leaves it: begun, and written into.
async fn leave_unfinished(store: &dyn Store, node: &str, id: &str) {
    let bench = Bench::with(Scripted::new([Step::Hang])).await;
    let born = bench.start().await;
    let mut snapshot = bench.engine.snapshot(OWNER, &born).await.unwrap().unwrap();
    snapshot.id = id.to_owned();
    snapshot.document = Document::default();
    let started = Event::Started(Started {
        generation_id: id.to_owned(),
        provider: snapshot.provider.clone(),
        model: snapshot.model.clone(),
        host: None,
        shape: snapshot.shape.clone(),
        input_chars: snapshot.input_chars,
    });
    let record = Record {
        snapshot,
        owner: OWNER.to_owned(),
        node: node.to_owned(),
        input: "A text.".to_owned(),
        idempotency: None,
        first: batch(1, &[started]),
    };
    let Created::New(writer) = store.create(record).await.unwrap() else { panic!("it was there") };
    let path = "/title".to_owned();
    let events = [
        Event::FieldStarted(FieldStarted { path: path.clone(), kind: Kind::Text }),
        Event::FieldDelta(FieldDelta { path, text: "Half".to_owned() }),
    ];
    let (sender, committed) = oneshot::channel();
    writer.append(batch(2, &events), Arc::new(Committed(Mutex::new(Some(sender))))).unwrap();
    committed.await.unwrap();
}

/// What was interrupted is ended, and not continued.
fn ending() -> Limits {
    Limits { resumes: false, ..Limits::default() }
}

/// Waits for one batch.
struct Committed(Mutex<Option<oneshot::Sender<()>>>);

impl Appended for Committed {
    fn committed(&self, _: Batch) {
        self.0.lock().unwrap().take().unwrap().send(()).unwrap();
    }

    fn failed(&self, error: StoreError) {
        panic!("{error}");
    }
}

fn batch(first: u64, events: &[Event]) -> Batch {
    let mut frames = Vec::new();
    for (id, event) in (first..).zip(events) {
        protocol::encode(id, event, &mut frames);
    }
    Batch { first, last: first + events.len() as u64 - 1, frames: frames.into() }
}

#[tokio::test]
async fn what_a_killed_server_left_is_ended_as_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    leave_unfinished(&store, LOCAL_NODE, "first").await;
    leave_unfinished(&store, LOCAL_NODE, "second").await;
    store.close().await;
    let store = SqliteStore::open(folder.path()).unwrap();
    let provider = Arc::new(Scripted::new([Step::Hang]));
    let engine = Engine::open(Arc::new(store), provider, ending()).await.unwrap();
    for id in ["first", "second"] {
        let log = rest(engine.subscribe(OWNER, id, 0).await.unwrap()).await;
        let Some((cursor, Event::Failed(failure))) = log.last() else { panic!("{log:?}") };
        assert_eq!(
            log.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
            (1..=*cursor).collect::<Vec<_>>()
        );
        assert_eq!(fold(&log).text("title"), Some("Half"));
        assert_eq!((failure.code, failure.retryable), (FailureCode::Interrupted, true));
        let snapshot = engine.snapshot(OWNER, id).await.unwrap().unwrap();
        assert_eq!((snapshot.status, snapshot.text("title")), (Status::Failed, "Half"));
        assert_eq!(snapshot.cursor, *cursor);
    }
}

#[tokio::test]
async fn what_another_server_runs_is_left_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    leave_unfinished(&store, LOCAL_NODE, "ours").await;
    leave_unfinished(&store, "another", "theirs").await;
    store.close().await;
    let store = SqliteStore::open(folder.path()).unwrap();
    let provider = Arc::new(Scripted::new([Step::Hang]));
    let engine = Engine::open(Arc::new(store.clone()), provider, ending()).await.unwrap();
    let status = async |id| engine.snapshot(OWNER, id).await.unwrap().unwrap().status;
    assert_eq!(status("ours").await, Status::Failed);
    assert_eq!(status("theirs").await, Status::Running);
    assert_eq!(store.read("theirs", 1, usize::MAX).await.unwrap().len(), 1, "nothing was added");
    let followed = engine.subscribe(OWNER, "theirs", 0).await;
    assert!(matches!(followed, Err(SubscribeError::Store(StoreError::Abandoned))));
}
