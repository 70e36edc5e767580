use std::{
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use protocol::{Checkpoint, Document, Event, Snapshot, Status};
use store::{Log, Reader};
use tokio_util::sync::CancellationToken;

use crate::unfolded::Unfolded;

/// How many events may wait to be folded: together they are folded faster.
const UNFOLDED: u64 = 32;

/// A generation that runs: what is shared of it.
pub(crate) struct Live {
    pub(crate) log: Arc<Log>,
    folded: Mutex<Folded>,
    /// Someone asked to stop it, or the server closes down.
    pub(crate) stop: CancellationToken,
}

/// What the log amounts to, up to the snapshot's cursor.
struct Folded {
    snapshot: Snapshot,
    document: Document,
    /// The events after it.
    unfolded: Unfolded,
}

impl Live {
    /// A generation whose log amounts to `snapshot` so far.
    pub(crate) fn new(snapshot: Snapshot, log: Arc<Log>, stop: CancellationToken) -> Self {
        let unfolded = Unfolded::after(snapshot.cursor);
        let folded = Folded { snapshot, document: Document::default(), unfolded };
        Self { log, folded: Mutex::new(folded), stop }
    }

    /// Takes note of `events`, which are to follow the log's head, `cursor`. They are gone from
    /// there then.
    pub(crate) fn expect(&self, cursor: u64, events: &mut Vec<Event>) {
        let mut folded = self.folded();
        folded.unfolded.expect(cursor, events);
        if cursor - folded.snapshot.cursor >= UNFOLDED {
            folded.catch_up(cursor);
        }
    }

    /// Waits until nothing follows.
    pub(crate) async fn ended(&self) {
        let reader = Reader::new(Arc::clone(&self.log));
        poll_fn(|context| reader.poll_after(u64::MAX, context)).await;
    }

    /// Folds the events up to the log's head.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let folded = self.folded_up_to_head();
        let mut snapshot = folded.snapshot.clone();
        snapshot.document = folded.document.root().clone();
        snapshot.completed = folded.document.completed().to_vec();
        snapshot
    }

    /// What the snapshot will be once `events` and the terminal one among them are committed.
    pub(crate) fn ending(&self, events: &[Event], cursor: u64) -> Snapshot {
        let folded = self.folded_up_to_head();
        let (mut snapshot, mut document) = (folded.snapshot.clone(), folded.document.clone());
        drop(folded);
        fold(&mut snapshot, &mut document, events, cursor);
        snapshot.document = document.root().clone();
        snapshot.completed = document.completed().to_vec();
        snapshot
    }

    /// Length and hash of the document so far.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        self.folded_up_to_head().document.checkpoint()
    }

    /// Length and hash of the document once `events` are committed, too.
    pub(crate) fn checkpoint_after(&self, events: &[Event]) -> Checkpoint {
        let mut document = self.folded_up_to_head().document.clone();
        for event in events {
            // The composer has opened every field before: it fits.
            let _ = document.fold(event);
        }
        document.checkpoint()
    }

    fn folded_up_to_head(&self) -> MutexGuard<'_, Folded> {
        let cursor = self.log.head().cursor;
        let mut folded = self.folded();
        folded.catch_up(cursor);
        folded
    }

    fn folded(&self) -> MutexGuard<'_, Folded> {
        // A panic while folding leaves at worst a document that lags behind the log.
        self.folded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Folded {
    /// Folds the events up to the one with the id `cursor`.
    fn catch_up(&mut self, cursor: u64) {
        if cursor > self.snapshot.cursor {
            let events = self.unfolded.take(cursor);
            fold(&mut self.snapshot, &mut self.document, &events, cursor);
        }
    }
}

/// Folds `events`, of which the last has the id `cursor`, into a snapshot and its document.
pub(crate) fn fold(
    snapshot: &mut Snapshot,
    document: &mut Document,
    events: &[Event],
    cursor: u64,
) {
    for event in events {
        // The composer has opened every field before: it fits.
        let _ = document.fold(event);
        match event {
            Event::Reasoning(reasoning) => snapshot.reasoning.push_str(&reasoning.text),
            Event::Completed(completed) => {
                snapshot.status = Status::Completed;
                snapshot.usage = completed.usage;
                snapshot.timings = Some(completed.timings);
                snapshot.coverage = Some(completed.coverage);
            }
            Event::Stopped {} => snapshot.status = Status::Stopped,
            Event::Failed(failure) => {
                snapshot.status = Status::Failed;
                snapshot.error = Some(failure.clone());
            }
            _ => {}
        }
    }
    snapshot.cursor = cursor;
}
