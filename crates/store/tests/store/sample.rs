//! Generations and events to store.

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use protocol::{Event, FieldDelta, Snapshot, Started, Status};
use serde_json::json;
use store::{Appended, Batch, Created, Error, LOCAL_NODE, LogWriter, Record, Store, Unfinished};
use tokio::sync::oneshot;

/// Event `id` of every log here; the text differs from event to event.
fn event(id: u64) -> Event {
    if id == 1 {
        return Event::Started(Started {
            generation_id: "g".into(),
            provider: "builtin".into(),
            model: "extractive".into(),
            host: None,
            shape: "summary".into(),
            input_chars: 3,
        });
    }
    let text = format!("{id}\n\n新{}", "é".repeat(id as usize % 7));
    Event::FieldDelta(FieldDelta { path: "/summary".into(), text })
}

pub(crate) fn wire(ids: RangeInclusive<u64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for id in ids {
        protocol::encode(id, &event(id), &mut bytes);
    }
    bytes
}

pub(crate) fn batch(first: u64, last: u64) -> Batch {
    Batch { first, last, frames: Bytes::from(wire(first..=last)) }
}

pub(crate) fn snapshot(id: &str) -> Snapshot {
    Snapshot {
        id: id.into(),
        cursor: 1,
        provider: "builtin".into(),
        model: "extractive".into(),
        shape: "summary".into(),
        input_chars: 3,
        preview: format!("preview of {id}"),
        created_ms: 1_700_000_000_000,
        ..Snapshot::default()
    }
}

pub(crate) fn ended(id: &str, title: &str, summary: &str, cursor: u64) -> Snapshot {
    let document = json!({"title": title, "summary": summary}).into();
    Snapshot { status: Status::Completed, document, cursor, ..snapshot(id) }
}

/// A generation at birth, with event 1.
pub(crate) fn record(id: &str) -> Record {
    Record {
        snapshot: snapshot(id),
        owner: "someone".into(),
        node: LOCAL_NODE.into(),
        input: format!("The text of {id}. 全文。"),
        idempotency: None,
        first: batch(1, 1),
    }
}

/// The same while it has not ended.
pub(crate) fn unfinished(id: &str) -> Unfinished {
    let Record { snapshot, owner, .. } = record(id);
    Unfinished { owner, snapshot }
}

/// A reply at birth.
pub(crate) fn reply(id: &str) -> Record {
    of_shape(id, "reply")
}

/// A training at birth.
pub(crate) fn training(id: &str) -> Record {
    of_shape(id, "training")
}

fn of_shape(id: &str, shape: &str) -> Record {
    let snapshot = Snapshot { shape: shape.into(), ..snapshot(id) };
    Record { snapshot, input: String::new(), ..record(id) }
}

/// A log that is written.
pub(crate) struct Log(Box<dyn LogWriter>);

impl Log {
    pub(crate) fn new(writer: Box<dyn LogWriter>) -> Self {
        Self(writer)
    }

    /// Appends, and waits until it is committed.
    pub(crate) async fn append(&self, batch: Batch) -> Result<(), Error> {
        self.begin_append(batch)?.await.expect("nobody was told")
    }

    /// Appends, and gives where it is said what became of it.
    pub(crate) fn begin_append(
        &self,
        batch: Batch,
    ) -> Result<oneshot::Receiver<Result<(), Error>>, Error> {
        let (sender, answer) = oneshot::channel();
        self.0.append(batch, Arc::new(Answer(Mutex::new(Some(sender)))))?;
        Ok(answer)
    }

    pub(crate) async fn end(&self, last: Batch, snapshot: &Snapshot) -> Result<(), Error> {
        self.0.end(last, snapshot).await
    }
}

/// Takes one answer.
struct Answer(Mutex<Option<oneshot::Sender<Result<(), Error>>>>);

impl Answer {
    fn say(&self, answer: Result<(), Error>) {
        let sender = self.0.lock().unwrap().take().expect("it was said before");
        // Not every test waits for it.
        let _ = sender.send(answer);
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

/// Creates what nothing like it was created before.
pub(crate) async fn born(store: &dyn Store, record: Record) -> Log {
    match store.create(record).await.unwrap() {
        Created::New(writer) => Log(writer),
        Created::Not(earlier) => panic!("{earlier:?}"),
    }
}

/// Creates a generation that goes on.
pub(crate) async fn create(store: &dyn Store, id: &str) -> Log {
    born(store, record(id)).await
}

/// A generation that ran from event 1 to event 2.
pub(crate) async fn complete(store: &dyn Store, id: &str, title: &str, summary: &str) {
    let log = create(store, id).await;
    log.end(batch(2, 2), &ended(id, title, summary, 2)).await.unwrap();
}

/// Takes over a log, which reaches to `cursor`.
pub(crate) async fn resume(store: &dyn Store, id: &str, cursor: u64) -> Log {
    let resumed = store.resume(LOCAL_NODE, id).await.unwrap();
    assert_eq!(resumed.cursor, cursor);
    Log(resumed.writer)
}

/// Ends what was left unfinished with the event after `last`.
pub(crate) async fn end_after(store: &dyn Store, id: &str, last: u64) {
    let (log, next) = (resume(store, id, last).await, last + 1);
    log.end(batch(next, next), &ended(id, "t", "s", next)).await.unwrap();
}

/// The whole log after `after`, page by page.
pub(crate) async fn replay(
    store: &dyn Store,
    id: &str,
    mut after: u64,
    max_bytes: usize,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let page = store.read(id, after, max_bytes).await.unwrap();
        let Some(last) = page.last() else {
            return bytes;
        };
        let size: usize = page.iter().map(|batch| batch.frames.len()).sum();
        assert!(page.len() == 1 || size <= max_bytes, "{size} bytes in a page of {max_bytes}");
        let end = last.last;
        for batch in page {
            assert_eq!(batch.first, after + 1, "a hole or a repeat");
            after = batch.last;
            bytes.extend_from_slice(&batch.frames);
        }
        assert_eq!(after, end);
    }
}

/// Waits until something is so: a hang fails a test instead of stopping the suite.
pub(crate) async fn until(mut is_so: impl FnMut() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("hangs");
}
