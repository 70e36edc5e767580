use std::{
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use protocol::{Checkpoint, Event, Frames, Snapshot, Status};
use store::LISTED_TITLE_CHARS;

use crate::{log::Log, stop::StopSignal, subscriber::Subscriber};

/// A generation that runs: what is shared of it.
pub(crate) struct RunningGeneration {
    pub(crate) owner: String,
    pub(crate) log: Arc<Log>,
    /// Lags behind the log: it is brought up to date when someone asks for it.
    snapshot: Mutex<Snapshot>,
    pub(crate) stop: StopSignal,
}

impl RunningGeneration {
    /// A generation whose log adds up to `snapshot` so far.
    pub(crate) fn new(owner: String, snapshot: Snapshot, log: Arc<Log>) -> Self {
        Self { owner, log, snapshot: Mutex::new(snapshot), stop: StopSignal::default() }
    }

    /// Applies what the log has beyond the snapshot.
    pub(crate) fn catch_up(&self) {
        drop(self.up_to_date());
    }

    /// Waits until nothing follows.
    pub(crate) async fn ended(&self) {
        let subscriber = Subscriber::new(Arc::clone(&self.log));
        poll_fn(|context| subscriber.poll_after(u64::MAX, context)).await;
    }

    /// The generation as it stands.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.up_to_date().clone()
    }

    /// Its status, and its title so far as a line of the history shows it.
    pub(crate) fn listed(&self) -> (Status, String) {
        let snapshot = self.up_to_date();
        let title = snapshot.text("title").chars().take(LISTED_TITLE_CHARS).collect();
        (snapshot.status, title)
    }

    /// What the snapshot will be once `events` and the terminal one among them are committed.
    pub(crate) fn ending(&self, events: &[Event]) -> Snapshot {
        let mut snapshot = self.snapshot();
        apply(&mut snapshot, events);
        snapshot
    }

    /// Length and hash of the document so far.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        self.up_to_date().document.checkpoint()
    }

    fn up_to_date(&self) -> MutexGuard<'_, Snapshot> {
        // A panic in here leaves at worst a snapshot that lags behind the log.
        let mut snapshot = self.snapshot.lock().unwrap_or_else(PoisonError::into_inner);
        // All that is missing is in memory: the recorder asks often enough.
        let batches = self.log.since(snapshot.cursor);
        if let Some(first) = batches.first() {
            debug_assert_eq!(first.first, snapshot.cursor + 1, "some of the log is missing");
            let frames: Vec<&[u8]> = batches.iter().map(|batch| &batch.frames[..]).collect();
            // Merged deltas are applied faster.
            let mut merged = Vec::new();
            protocol::merge(&frames.concat(), &mut merged);
            apply_frames(&mut snapshot, &merged);
        }
        snapshot
    }
}

/// Applies the events that follow next in the log.
pub(crate) fn apply(snapshot: &mut Snapshot, events: &[Event]) {
    for event in events {
        // The composer has opened every field before: each event fits.
        let _ = snapshot.apply(snapshot.cursor + 1, event);
    }
}

/// Applies encoded events of a log.
pub(crate) fn apply_frames(snapshot: &mut Snapshot, frames: &[u8]) {
    for frame in Frames::new(frames) {
        let _ = frame.event().map(|event| snapshot.apply(frame.id, &event));
    }
}
