//! An engine with a data folder of its own, and what one looks at.

use std::{path::PathBuf, sync::Arc, time::Duration};

use engine::{Engine, Limits, Start, Subscription};
use llm::{Pen, Provider, Scripted};
use protocol::{Document, Event, Failure, Frames, NewGeneration, Snapshot};
use store::sqlite::SqliteStore;
use tempfile::TempDir;

/// Whose the generations are.
pub(crate) const OWNER: &str = "someone";

/// An engine and the store below it.
pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) store: SqliteStore,
    folder: TempDir,
}

impl Bench {
    /// What breaks off is not continued, so that a test sees the break itself.
    pub(crate) async fn with(provider: impl Provider + 'static) -> Self {
        Self::limited(provider, Limits { resumes: false, ..Limits::default() }).await
    }

    pub(crate) async fn limited(provider: impl Provider + 'static, limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).unwrap();
        let (shared, provider) = (Arc::new(store.clone()), Arc::new(provider));
        let engine = Engine::open(shared, provider, limits).await.unwrap();
        Self { engine, store, folder }
    }

    /// An engine whose first generation writes what the pen writes.
    pub(crate) async fn live() -> (Self, Pen) {
        let (scripted, pen) = Scripted::live();
        (Self::with(scripted).await, pen)
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("unspool.db")
    }

    pub(crate) async fn start(&self) -> String {
        self.engine.start(start("A text to be read.")).await.unwrap().id
    }

    /// Runs a generation to its end.
    pub(crate) async fn run(&self) -> Ended {
        let id = self.start().await;
        self.end(&id).await
    }

    /// What a generation ended as, once it has ended.
    pub(crate) async fn end(&self, id: &str) -> Ended {
        let log = rest(self.engine.subscribe(OWNER, id, 0).await.unwrap()).await;
        let [.., (_, before), (_, last)] = &log[..] else { panic!("{log:?}") };
        assert!(matches!(before, Event::Checkpoint(_)), "before the last one: {before:?}");
        assert!(last.is_terminal(), "{last:?}");
        let snapshot = self.engine.snapshot(OWNER, id).await.unwrap().unwrap();
        Ended { log, snapshot }
    }
}

/// A generation that has ended: its whole log, and its snapshot.
pub(crate) struct Ended {
    pub(crate) log: Log,
    pub(crate) snapshot: Snapshot,
}

impl Ended {
    pub(crate) fn last(&self) -> &Event {
        &self.log.last().unwrap().1
    }

    pub(crate) fn failure(&self) -> &Failure {
        let Event::Failed(failure) = self.last() else { panic!("not failed: {:?}", self.last()) };
        failure
    }

    /// The pieces of reasoning, joined.
    pub(crate) fn reasoning(&self) -> String {
        let pieces = self.log.iter().filter_map(|(_, event)| match event {
            Event::Reasoning(reasoning) => Some(reasoning.text.as_str()),
            _ => None,
        });
        pieces.collect()
    }
}

/// Events with their ids.
pub(crate) type Log = Vec<(u64, Event)>;

pub(crate) fn start(text: &str) -> Start {
    let generation = NewGeneration { text: text.to_owned(), ..NewGeneration::default() };
    Start { generation, owner: OWNER.to_owned(), key: None }
}

/// The next events of a viewer; empty after the last.
pub(crate) async fn next(subscription: &mut Subscription) -> Log {
    match within(subscription.next()).await.unwrap() {
        Some(batch) => decode(&batch.frames),
        None => Vec::new(),
    }
}

/// All that a viewer gets from here on.
pub(crate) async fn rest(mut subscription: Subscription) -> Log {
    let mut log = Vec::new();
    loop {
        let events = next(&mut subscription).await;
        if events.is_empty() {
            return log;
        }
        log.extend(events);
    }
}

pub(crate) fn decode(frames: &[u8]) -> Log {
    Frames::new(frames).map(|frame| (frame.id, frame.event().unwrap())).collect()
}

/// Folds a log from its beginning, and checks it at its checkpoints.
pub(crate) fn fold(log: &Log) -> Document {
    let mut document = Document::default();
    for (_, event) in log {
        document.apply(event).unwrap();
        if let Event::Checkpoint(checkpoint) = event {
            assert_eq!(&document.checkpoint(), checkpoint);
        }
    }
    document
}

/// What `awaited` gives: a hang fails a test instead of stopping the suite.
pub(crate) async fn within<T>(awaited: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), awaited).await.expect("hangs")
}
