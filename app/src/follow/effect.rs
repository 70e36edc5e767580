use protocol::Event;

use super::{input::Lock, message::Message};

/// What the machine wants done.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Asks for the events after this one, in place of any stream that is open.
    OpenStream {
        after: u64,
    },
    CloseStream,
    /// Asks for the snapshot. An earlier request that is under way need not be answered.
    FetchSnapshot {
        deadline_ms: u64,
    },
    /// Queues for a lock. Without a channel, that of the generation is refused: a leader that
    /// nobody hears would keep the others waiting.
    RequestLock(Lock),
    /// Gives up a lock, or its place in the queue.
    ReleaseLock(Lock),
    JoinChannel,
    LeaveChannel,
    Post(Message),
    Show(Change),
}

/// What there is to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// This event was applied.
    Applied(Event),
    /// A snapshot was taken that has more than there was.
    Extended,
    /// A snapshot was taken that says otherwise than what there was.
    Replaced,
    /// Something was lost on the way; the snapshot is going to take its place.
    Lost,
    /// Seconds until the next attempt while the connection is lost; none once it is back.
    Outage(Option<u32>),
    /// The generation was deleted.
    Gone,
}
