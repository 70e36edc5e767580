use crate::{Document, Event, Snapshot};

/// What a client keeps of a generation that it follows: the cursor, the document, and whether the
/// two can be trusted.
///
/// It takes what comes, as it comes: events twice are folded once, and a document that something
/// was lost from is noticed at the next checkpoint at the latest. The event before the terminal
/// one always is a checkpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Follower {
    cursor: u64,
    document: Document,
    /// Id of the last checkpoint that agreed.
    checked: u64,
    ended: bool,
    resyncs: u64,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is folded in.
    Folded,
    /// It had been folded in before.
    Repeated,
    /// The document is not what it should be: [`Follower::restart`] from the snapshot, and go on
    /// after its cursor.
    Lost,
}

impl Follower {
    /// Goes on where a snapshot ends.
    #[must_use]
    pub fn resume(snapshot: &Snapshot) -> Self {
        let document = Document::resume(snapshot.document.clone(), snapshot.completed.clone());
        let ended = snapshot.status != crate::Status::Running;
        Self { cursor: snapshot.cursor, document, checked: snapshot.cursor, ended, resyncs: 0 }
    }

    /// Takes an event with its id.
    pub fn take(&mut self, id: u64, event: &Event) -> Step {
        if id <= self.cursor {
            return Step::Repeated;
        }
        if self.document.fold(event).is_err() {
            return Step::Lost;
        }
        match event {
            Event::Checkpoint(checkpoint) if *checkpoint == self.document.checkpoint() => {
                self.checked = id;
            }
            Event::Checkpoint(_) => return Step::Lost,
            event if event.is_terminal() => {
                if self.checked + 1 != id {
                    return Step::Lost;
                }
                self.ended = true;
            }
            _ => {}
        }
        self.cursor = id;
        Step::Folded
    }

    /// Takes the snapshot in place of what was folded, and counts it.
    pub fn restart(&mut self, snapshot: &Snapshot) {
        *self = Self { resyncs: self.resyncs + 1, ..Self::resume(snapshot) };
    }

    /// Id of the last event that is folded in: what to go on after.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// The document so far.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Whether the terminal event is folded in.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// How often the snapshot had to be taken.
    #[must_use]
    pub fn resyncs(&self) -> u64 {
        self.resyncs
    }
}
