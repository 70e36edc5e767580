use std::{future::poll_fn, sync::Arc};

use engine::{Engine, Limits};
use llm::{Scripted, Step};
use protocol::{Document, Event, FailureCode, FieldDelta, FieldStarted, Kind, Started, Status};
use store::{Batch, Log, Record, Store};

use crate::bench::{Bench, OWNER, fold, rest};

/// A log as a killed server leaves it: begun, and written into.
async fn leave_unfinished(store: &Store, id: &str) {
    let bench = Bench::with(Scripted::new([Step::Hang])).await;
    let born = bench.start().await;
    let mut snapshot = bench.engine.snapshot(OWNER, &born).await.unwrap().unwrap();
    snapshot.id = id.to_owned();
    snapshot.document = Document::default();
    let started = Event::Started(Started {
        generation_id: id.to_owned(),
        provider: snapshot.provider.clone(),
        model: snapshot.model.clone(),
        shape: snapshot.shape.clone(),
        input_chars: snapshot.input_chars,
    });
    let log = Arc::new(Log::new(id, batch(1, &[started])));
    let (owner, input) = ("someone".to_owned(), "A text.".to_owned());
    let record = Record { snapshot, owner, input, idempotency: None, log: Arc::clone(&log) };
    store.create(record).await.unwrap();
    let path = "/title".to_owned();
    let events = [
        Event::FieldStarted(FieldStarted { path: path.clone(), kind: Kind::Text }),
        Event::FieldDelta(FieldDelta { path, text: "Half".to_owned() }),
    ];
    store.append(&log, batch(2, &events)).unwrap();
    poll_fn(|context| log.poll_written(context)).await.unwrap();
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
    let store = Store::open(folder.path()).unwrap();
    leave_unfinished(&store, "first").await;
    leave_unfinished(&store, "second").await;
    store.close().await;
    let store = Store::open(folder.path()).unwrap();
    let provider = Arc::new(Scripted::new([Step::Hang]));
    let engine = Engine::open(store, provider, Limits::default()).await.unwrap();
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
