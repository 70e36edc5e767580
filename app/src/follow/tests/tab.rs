use protocol::{Event, Snapshot, Status};

use crate::follow::{Change, Input, Machine, Message};

/// A tab, what its browser holds for it, and what its reader sees.
pub(super) struct Tab {
    pub(super) generation: usize,
    pub(super) machine: Machine,
    pub(super) state: TabState,
    pub(super) stream: Option<Stream>,
    /// The number of its membership in the channel.
    pub(super) channel: Option<u64>,
    /// Numbers of its requests for locks: that of the generation, and of a stream.
    pub(super) locks: [Option<u64>; 2],
    /// The number of its last request for the snapshot.
    pub(super) request: u64,
    /// The inputs that came while it was frozen.
    pub(super) backlog: Vec<Input>,
    /// How many events are lost on their way to it.
    pub(super) losses: usize,
    pub(super) view: View,
    /// When it opened streams, and after which events.
    pub(super) opened: Vec<(u64, u64)>,
    /// When it asked for the snapshot.
    pub(super) asked_ms: Vec<u64>,
    pub(super) posted: Vec<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TabState {
    Runs,
    /// In the back-forward cache.
    Aside,
    /// Its script does not run, though it keeps what it holds.
    Frozen,
    Closed,
}

/// A connection of an `EventSource`.
pub(super) struct Stream {
    pub(super) number: u64,
    /// The last event that was sent over it.
    pub(super) cursor: u64,
    /// Whether what is sent arrives.
    pub(super) delivers: bool,
}

/// What a reader sees.
#[derive(Default)]
pub(super) struct View {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) status: Status,
    pub(super) outage: Option<u32>,
    pub(super) is_gone: bool,
    /// All outages that were shown.
    pub(super) outages: Vec<Option<u32>>,
    pub(super) losses: usize,
    /// Whether shown text was replaced by other text.
    pub(super) was_rewritten: bool,
}

impl View {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let mut view = Self::default();
        view.take(snapshot);
        view
    }

    pub(super) fn show(&mut self, change: Change, snapshot: &Snapshot) {
        match change {
            Change::Applied(Event::FieldDelta(delta)) => match delta.path.as_str() {
                "/title" => self.title.push_str(&delta.text),
                _ => self.summary.push_str(&delta.text),
            },
            Change::Applied(Event::Completed(_)) => self.status = Status::Completed,
            Change::Applied(Event::Stopped {}) => self.status = Status::Stopped,
            Change::Applied(_) => {}
            Change::Extended => {
                assert!(self.take(snapshot), "text is gone that was to stay");
            }
            Change::Replaced => self.was_rewritten |= !self.take(snapshot),
            Change::Lost => self.losses += 1,
            Change::Outage(outage) => {
                self.outage = outage;
                self.outages.push(outage);
            }
            Change::Gone => self.is_gone = true,
        }
    }

    /// Takes what a snapshot has. Says whether all text is still there.
    fn take(&mut self, snapshot: &Snapshot) -> bool {
        let mut is_kept = true;
        for (shown, text) in [(&mut self.title, "title"), (&mut self.summary, "summary")] {
            let text = snapshot.text(text);
            is_kept &= text.starts_with(shown.as_str());
            text.clone_into(shown);
        }
        self.status = snapshot.status;
        is_kept
    }
}
