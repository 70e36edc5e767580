//! Generations and events to store.

use std::fs;
use std::future::poll_fn;
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use protocol::{Event, FieldDelta, Snapshot, Started, Status};
use serde_json::json;
use store::{Batch, Error, Log, OpenError, Record, Store};
use tempfile::TempDir;

pub(crate) fn open() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

/// Event `id` of every log here; the text differs from event to event.
fn event(id: u64) -> Event {
    if id == 1 {
        return Event::Started(Started {
            generation_id: "g".into(),
            provider: "builtin".into(),
            model: "extractive".into(),
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
        input: format!("The text of {id}. 全文。"),
        idempotency: None,
        log: Arc::new(Log::new(id, batch(1, 1))),
    }
}

/// Creates a generation that goes on.
pub(crate) async fn create(store: &Store, id: &str) -> Arc<Log> {
    let record = record(id);
    let log = Arc::clone(&record.log);
    store.create(record).await.unwrap();
    log
}

/// Appends and waits until it is committed.
pub(crate) async fn append(store: &Store, log: &Arc<Log>, batch: Batch) -> Result<(), Error> {
    store.append(log, batch)?;
    poll_fn(|context| log.poll_written(context)).await
}

/// A generation that ran from event 1 to event 2.
pub(crate) async fn complete(store: &Store, id: &str, title: &str, summary: &str) {
    let log = create(store, id).await;
    store.end(&log, batch(2, 2), &ended(id, title, summary, 2)).await.unwrap();
}

/// Ends what runs no more with the event after `last`.
pub(crate) async fn end_after(store: &Store, id: &str, last: u64) {
    let log = Log::new(id, batch(last, last));
    let next = last + 1;
    store.end(&log, batch(next, next), &ended(id, "t", "s", next)).await.unwrap();
}

/// The whole log after `after`, page by page.
pub(crate) async fn replay(store: &Store, id: &str, mut after: u64, max_bytes: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let page = store.frames(id, after, max_bytes).await.unwrap();
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

/// The folder as it would be found if the process were killed now. Another process copies it:
/// closing a database's file in this one would give up SQLite's locks.
pub(crate) fn killed(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let copied = Command::new("cp").arg("-a").arg(folder.join(".")).arg(copy.path()).status();
    assert!(copied.unwrap().success());
    copy
}

/// As after a kill, but for what serves the dropped store, which takes a moment to end.
pub(crate) async fn reopen(folder: &Path) -> Store {
    loop {
        match Store::open(folder) {
            Err(OpenError::InUse { .. }) => tokio::task::yield_now().await,
            opened => return opened.unwrap(),
        }
    }
}

/// Opens the store, and gives what was logged.
pub(crate) fn open_logged(folder: &Path) -> (Result<Store, OpenError>, String) {
    let said = Said::default();
    let writer = said.clone();
    let logger =
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let opened = tracing::subscriber::with_default(logger, || Store::open(folder));
    let said = said.0.lock().unwrap();
    (opened, String::from_utf8(said.clone()).unwrap())
}

#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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

/// The names of what is kept aside, in order.
pub(crate) fn aside(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    let mut aside: Vec<_> =
        names.filter(|name| name.contains("damaged-") || name.contains("unknown-")).collect();
    aside.sort();
    aside
}
