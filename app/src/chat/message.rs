use protocol::conversation::{DecodeError, Event};

/// What the tabs that share the stream post to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// From a follower: it is new, and asks for the [`Replay`](Self::Replay).
    Hello { tab: u64 },
    /// From the leader to one follower: the events of the replies that are being written, from their
    /// beginnings. The events that follow are posted to all.
    Replay { tab: u64, events: Vec<RawEvent> },
    /// From the leader: its stream begins anew, or it is a new leader. Followers fetch the conversation
    /// once it is [`Connected`](Self::Connected).
    Restarted,
    /// From a follower: it has missed the beginning of a reply, which the leader does not have either.
    RestartWanted,
    /// From the leader: the next event.
    Event(RawEvent),
    /// From the leader: its connection is lost, and it tries again in so many seconds.
    Waiting { seconds: u32 },
    /// From the leader: it is connected again.
    Connected,
}

/// An event as the stream delivers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawEvent {
    /// Opaque: it says where the stream goes on after this event.
    pub(super) id: String,
    /// One of [`Event::NAMES`].
    pub(super) name: &'static str,
    pub(super) data: String,
}

impl RawEvent {
    pub(super) fn decode(&self) -> Result<Event, DecodeError> {
        Event::decode(self.name, &self.data)
    }
}
