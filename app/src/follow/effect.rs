use protocol::Event;

use super::{input::Lock, message::Message};

/// What the machine wants the driver to do.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Opens a stream of the events after this one, and closes any other.
    OpenStream {
        after: u64,
    },
    CloseStream,
    /// Fetches the snapshot. The answer to an earlier request is then no longer needed.
    FetchSnapshot {
        deadline_ms: u64,
    },
    /// Queues for a lock. Without a channel, the generation's lock is refused, as the others would wait
    /// for a leader whose messages they cannot get.
    RequestLock(Lock),
    /// Releases a lock, or leaves the queue for it.
    ReleaseLock(Lock),
    JoinChannel,
    LeaveChannel,
    Post(Message),
    Show(Change),
}

/// A change that the page has to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// This event was applied.
    Applied(Event),
    /// A snapshot that has more than the document replaced it.
    Extended,
    /// A snapshot replaced the document, which may differ from before in any part.
    Replaced,
    /// Events were lost. A snapshot will replace the document.
    Lost,
    /// While the connection is lost, the seconds until the next attempt; `None` once it is back.
    Outage(Option<u32>),
    /// The generation was deleted.
    Gone,
}
