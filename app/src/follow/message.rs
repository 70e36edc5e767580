use protocol::{DecodeError, Event};

/// What the tabs that follow one generation post to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// From a follower: it exists, and asks for the leader's [`Position`](Self::Position). It is posted
    /// at intervals, so that a leader notices when followers are gone.
    Hello { tab: u64 },
    /// From a follower: it has missed events, and asks for the [`Snapshot`](Self::Snapshot).
    SnapshotWanted { tab: u64 },
    /// From a follower: it no longer follows.
    Bye { tab: u64 },
    /// From a new leader: followers are to post [`Hello`](Self::Hello), as it does not know them.
    Elected,
    /// From the leader: it has posted all events up to this one, and has received no others.
    Position { cursor: u64 },
    /// From the leader: the next events.
    Events(Batch),
    /// From the leader: the snapshot at `cursor`, as JSON. The next events follow it.
    Snapshot { cursor: u64, json: String },
    /// From the leader: its connection is lost, and it tries again in so many seconds.
    Waiting { seconds: u32 },
    /// From the leader: the generation was deleted.
    Gone,
}

/// Events without a gap between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    /// Id of the event before the first. A tab whose last event is an earlier one has missed something.
    /// It could not tell that from the ids, as these have gaps where the server has merged events.
    pub(super) after: u64,
    pub(super) events: Vec<RawEvent>,
}

/// An event as the stream delivers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawEvent {
    pub(super) id: u64,
    /// One of [`Event::NAMES`].
    pub(super) name: &'static str,
    pub(super) data: String,
}

impl RawEvent {
    pub(super) fn decode(&self) -> Result<Event, DecodeError> {
        Event::decode(self.name, &self.data)
    }
}
