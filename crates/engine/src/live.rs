use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use protocol::{Checkpoint, Document, Event, Snapshot, Status};
use store::Batch;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How much of a running generation's log is kept in memory for those who keep up. Who is further
/// behind reads the store.
const TAIL_BYTES: usize = 256 * 1024;

/// A generation that runs: what viewers share of it.
pub(crate) struct Live {
    head: watch::Sender<Head>,
    folded: Mutex<Folded>,
    /// Someone asked to stop it, or the server closes down.
    pub(crate) stop: CancellationToken,
}

/// How far the log reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Id of the last committed event.
    pub(crate) cursor: u64,
    /// Nothing follows.
    pub(crate) ended: bool,
}

/// What the committed events amount to.
struct Folded {
    snapshot: Snapshot,
    document: Document,
    tail: VecDeque<Batch>,
    tail_bytes: usize,
}

impl Live {
    /// A generation whose log is `batch` so far.
    pub(crate) fn new(snapshot: Snapshot, batch: Batch, stop: CancellationToken) -> Self {
        let (head, _) = watch::channel(Head { cursor: batch.last, ended: false });
        let tail_bytes = batch.frames.len();
        let document = Document::default();
        let tail = VecDeque::from([batch]);
        Self { head, folded: Mutex::new(Folded { snapshot, document, tail, tail_bytes }), stop }
    }

    /// Shows committed events to every viewer.
    pub(crate) fn publish(&self, events: &[Event], batch: Batch) {
        let cursor = batch.last;
        let ended = events.last().is_some_and(Event::is_terminal);
        self.folded().absorb(events, batch);
        self.head.send_replace(Head { cursor, ended });
    }

    /// Lets every viewer go although no terminal event could be committed.
    pub(crate) fn abandon(&self) {
        self.head.send_modify(|head| head.ended = true);
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// Folds the events up to the head.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let folded = self.folded();
        let mut snapshot = folded.snapshot.clone();
        snapshot.document = folded.document.root().clone();
        snapshot.completed = folded.document.completed().to_vec();
        snapshot
    }

    /// What the snapshot will be once `events` and the terminal one among them are committed.
    pub(crate) fn ending(&self, events: &[Event], cursor: u64) -> Snapshot {
        let folded = self.folded();
        let (mut snapshot, mut document) = (folded.snapshot.clone(), folded.document.clone());
        drop(folded);
        fold(&mut snapshot, &mut document, events, cursor);
        snapshot.document = document.root().clone();
        snapshot.completed = document.completed().to_vec();
        snapshot
    }

    /// Length and hash of the document once `events` are committed, too.
    pub(crate) fn checkpoint(&self, events: &[Event]) -> Checkpoint {
        let mut document = self.folded().document.clone();
        for event in events {
            // The composer has folded it before: it fits.
            let _ = document.fold(event);
        }
        document.checkpoint()
    }

    /// The batch that holds the event after `cursor`, when it is still in memory.
    pub(crate) fn after(&self, cursor: u64) -> Option<Batch> {
        let folded = self.folded();
        let newest = folded.tail.back()?;
        // Who keeps up needs no search.
        if newest.first == cursor + 1 {
            return Some(newest.clone());
        }
        let index = folded.tail.partition_point(|batch| batch.last <= cursor);
        let batch = folded.tail.get(index)?;
        (batch.first == cursor + 1).then(|| batch.clone())
    }

    fn folded(&self) -> MutexGuard<'_, Folded> {
        // A panic while folding leaves at worst a document that lags behind the log.
        self.folded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Folded {
    fn absorb(&mut self, events: &[Event], batch: Batch) {
        fold(&mut self.snapshot, &mut self.document, events, batch.last);
        self.tail_bytes += batch.frames.len();
        self.tail.push_back(batch);
        while self.tail_bytes > TAIL_BYTES && self.tail.len() > 1 {
            let gone = self.tail.pop_front();
            self.tail_bytes -= gone.map_or(0, |batch| batch.frames.len());
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
        // What the recorder logged has been folded once before: it fits.
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
