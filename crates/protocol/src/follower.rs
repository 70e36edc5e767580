use crate::{Document, Event, Snapshot, Status};

/// What a client keeps of a generation that it follows: its snapshot so far, and whether that can
/// be trusted.
///
/// It takes events as they come: one that comes twice is applied once, and a document that
/// something was lost from is noticed at the next checkpoint at the latest. The event before the
/// terminal one always is a checkpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Follower {
    snapshot: Snapshot,
    /// Id of the last checkpoint that agreed.
    checked: u64,
    resyncs: u64,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was applied.
    Applied,
    /// It had been applied before.
    Repeated,
    /// The document is not what it should be: [`Follower::restart`] from the server's snapshot,
    /// and go on after its cursor.
    Lost,
}

impl Follower {
    /// Goes on where a snapshot ends.
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

    /// Takes the server's snapshot in place of what was applied, and counts it.
    pub fn restart(&mut self, snapshot: Snapshot) {
        *self = Self { resyncs: self.resyncs + 1, ..Self::resume(snapshot) };
    }

    /// The generation so far.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Id of the last event that was applied: what to go on after.
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

    /// How often the snapshot had to be taken.
    #[must_use]
    pub fn resyncs(&self) -> u64 {
        self.resyncs
    }
}
