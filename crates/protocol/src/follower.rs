use crate::{Document, Event, Snapshot, Status};

/// The state of a client that follows a generation: the snapshot built from events, and how far it was
/// checked.
///
/// An event that comes twice is applied once. A lost event is noticed at the next checkpoint at the
/// latest, and the event before the terminal one is always a checkpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Follower {
    snapshot: Snapshot,
    /// Id of the last checkpoint that agreed with the document.
    checked: u64,
    resyncs: u64,
}

/// What [`Follower::take`] did with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The event was applied.
    Applied,
    /// The event had been applied before.
    Repeated,
    /// An event was lost, so the document is wrong. Call [`Follower::restart`] with the server's
    /// snapshot, and continue after its cursor.
    Lost,
}

impl Follower {
    /// Continues after a snapshot.
    #[must_use]
    pub fn resume(snapshot: Snapshot) -> Self {
        let checked = snapshot.cursor;
        Self { snapshot, checked, resyncs: 0 }
    }

    /// Takes an event with its id.
    pub fn take(&mut self, id: u64, event: &Event) -> Step {
        if id <= self.cursor() {
            return Step::Repeated;
        }
        match event {
            Event::Checkpoint(checkpoint) if *checkpoint == self.document().checkpoint() => {
                self.checked = id;
            }
            Event::Checkpoint(_) => return Step::Lost,
            event if event.is_terminal() && self.checked + 1 != id => return Step::Lost,
            _ => {}
        }
        match self.snapshot.apply(id, event) {
            Ok(()) => Step::Applied,
            Err(_) => Step::Lost,
        }
    }

    /// Replaces what was applied by the server's snapshot, and counts that as a resync.
    pub fn restart(&mut self, snapshot: Snapshot) {
        *self = Self { resyncs: self.resyncs + 1, ..Self::resume(snapshot) };
    }

    /// The generation so far.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Id of the last event that was applied, after which the client continues.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.snapshot.cursor
    }

    /// The document so far.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.snapshot.document
    }

    /// Whether the terminal event was applied.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.snapshot.status != Status::Running
    }

    /// How often the server's snapshot replaced what was applied.
    #[must_use]
    pub fn resyncs(&self) -> u64 {
        self.resyncs
    }
}
