use protocol::{DecodeError, Event};

/// What the tabs that follow one generation post to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// From a follower: it is there, and wants to know where the leader is. Posted again and again,
    /// so that a leader knows whether anybody listens.
    Hello { tab: u64 },
    /// From a follower: it is behind, and cannot go on from the events that come.
    SnapshotWanted { tab: u64 },
    /// From a follower: it listens no longer.
    Bye { tab: u64 },
    /// From a new leader, which does not know yet who follows.
    Elected,
    /// From the leader: all events up to this one have been posted.
    Position { cursor: u64 },
    /// From the leader.
    Events(Batch),
    /// From the leader: the snapshot at `cursor`, as JSON. Events go on from there.
    Snapshot { cursor: u64, json: String },
    /// From the leader: its connection is lost, and is tried again in so many seconds.
    Waiting { seconds: u32 },
    /// From the leader: the generation was deleted.
    Gone,
}

/// Neighbouring events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    /// Id of the event before the first. A tab that is elsewhere has missed something: ids alone do
    /// not tell, because the server merges events.
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
