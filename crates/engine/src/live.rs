use std::{
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use protocol::{Checkpoint, Event, Snapshot, Status};
use store::{Log, Reader};

use crate::{folded::Folded, stop::Stop};

/// A generation that runs: what is shared of it.
pub(crate) struct Live {
    pub(crate) log: Arc<Log>,
    /// The log as far as it is folded. The rest is when someone asks.
    folded: Mutex<Folded>,
    pub(crate) stop: Stop,
}

impl Live {
    /// A generation whose log amounts to `snapshot` so far.
    pub(crate) fn new(snapshot: Snapshot, log: Arc<Log>) -> Self {
        Self { log, folded: Mutex::new(Folded::new(snapshot)), stop: Stop::default() }
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
        self.folded_up_to_head().snapshot()
    }

    /// Its status, and its title so far.
    pub(crate) fn listed(&self) -> (Status, String) {
        self.folded_up_to_head().listed()
    }

    /// What the snapshot will be once `events` and the terminal one among them are committed.
    pub(crate) fn ending(&self, events: &[Event]) -> Snapshot {
        let mut folded = self.folded_up_to_head().clone();
        folded.fold(events, folded.cursor() + events.len() as u64);
        folded.snapshot()
    }

    /// Length and hash of the document so far.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        self.folded_up_to_head().checkpoint()
    }

    fn folded_up_to_head(&self) -> MutexGuard<'_, Folded> {
        // A panic while folding leaves at worst a document that lags behind the log.
        let mut folded = self.folded.lock().unwrap_or_else(PoisonError::into_inner);
        catch_up(&mut folded, &self.log);
        folded
    }
}

/// Folds what `log` has beyond it: all of that is in memory, as the recorder sees to.
fn catch_up(folded: &mut Folded, log: &Log) {
    let batches = log.page(folded.cursor(), usize::MAX);
    let (Some(first), Some(last)) = (batches.first(), batches.last()) else { return };
    debug_assert_eq!(first.first, folded.cursor() + 1, "some of the log was not folded in time");
    let frames: Vec<&[u8]> = batches.iter().map(|batch| &batch.frames[..]).collect();
    // Together they are folded faster.
    let mut merged = Vec::new();
    protocol::merge(&frames.concat(), &mut merged);
    folded.fold_frames(&merged, last.last);
}
