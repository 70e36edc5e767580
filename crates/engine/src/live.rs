use std::{
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use protocol::{Checkpoint, Document, Event, Frames, Snapshot, Status};
use store::{Log, Reader};

use crate::stop::Stop;

/// A generation that runs: what is shared of it.
pub(crate) struct Live {
    pub(crate) log: Arc<Log>,
    folded: Mutex<Folded>,
    pub(crate) stop: Stop,
}

/// What the log amounts to, up to the snapshot's cursor. The rest is folded when someone asks.
struct Folded {
    snapshot: Snapshot,
    document: Document,
}

impl Live {
    /// A generation whose log amounts to `snapshot` so far.
    pub(crate) fn new(snapshot: Snapshot, log: Arc<Log>) -> Self {
        let folded = Folded { snapshot, document: Document::default() };
        Self { log, folded: Mutex::new(folded), stop: Stop::default() }
    }

    /// Folds the log up to its head.
    pub(crate) fn catch_up(&self) {
        drop(self.folded_up_to_head());
    }

    /// Waits until nothing follows.
    pub(crate) async fn ended(&self) {
        let reader = Reader::new(Arc::clone(&self.log));
        poll_fn(|context| reader.poll_after(u64::MAX, context)).await;
    }

    /// The generation as it stands.
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
        // A panic while folding leaves at worst a document that lags behind the log.
        let mut folded = self.folded.lock().unwrap_or_else(PoisonError::into_inner);
        folded.catch_up(&self.log);
        folded
    }
}

impl Folded {
    /// Folds what `log` has beyond it.
    fn catch_up(&mut self, log: &Log) {
        let batches = log.page(self.snapshot.cursor, usize::MAX);
        let Some(last) = batches.last() else { return };
        let frames: Vec<&[u8]> = batches.iter().map(|batch| &batch.frames[..]).collect();
        // Together they are folded faster.
        let mut merged = Vec::new();
        protocol::merge(&frames.concat(), &mut merged);
        fold_frames(&mut self.snapshot, &mut self.document, &merged, last.last);
    }
}

/// Folds `frames`, of which the last has the id `cursor`, into a snapshot and its document.
pub(crate) fn fold_frames(
    snapshot: &mut Snapshot,
    document: &mut Document,
    frames: &[u8],
    cursor: u64,
) {
    let events: Vec<Event> = Frames::new(frames).filter_map(|frame| frame.event().ok()).collect();
    fold(snapshot, document, &events, cursor);
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
