use protocol::conversation::Event;

use super::message::Message;

/// What the machine wants done.
#[derive(Debug, PartialEq)]
pub(crate) enum Effect {
    /// Opens the stream in place of one that is open: after an event, or with what is running.
    OpenStream {
        after: Option<String>,
    },
    CloseStream,
    /// Fetches the conversation. The answer to an earlier request is dropped.
    Fetch {
        deadline_ms: u64,
    },
    /// Queues for the lock of the leader.
    RequestLock,
    /// Releases the lock, or leaves its queue.
    ReleaseLock,
    JoinChannel,
    LeaveChannel,
    Post(Message),
    Show(Change),
}

/// What there is to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// This event was applied.
    Applied(Box<Event>),
    /// The conversation may differ in anything from what it was.
    Replaced,
    /// Seconds until the next attempt while the connection is lost; none once it is back.
    Outage(Option<u32>),
    /// The conversation was deleted.
    Gone,
}
