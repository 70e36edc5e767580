use protocol::Snapshot;

use super::message::{Message, RawEvent};

/// What happens to a tab that follows a generation.
#[derive(Debug)]
pub(crate) enum Input {
    /// The page is there, for the first time or back from the back-forward cache.
    Join,
    /// The page goes into the back-forward cache, or away.
    Leave,
    StreamOpened,
    StreamEvent(RawEvent),
    /// The stream is gone. `refused`: the server answered, but not with a stream.
    StreamFailed {
        refused: bool,
    },
    /// The answer to the last [`FetchSnapshot`](super::Effect::FetchSnapshot); earlier requests are
    /// not answered any more.
    SnapshotArrived(Result<Box<Snapshot>, FetchError>),
    LockGranted(Lock),
    /// The browser has no such locks, or does not give them to this page.
    LockRefused(Lock),
    MessageArrived(Message),
    /// The [deadline](super::Machine::deadline_ms) is reached.
    TimePassed,
    Hidden,
    Shown,
    Online,
    Offline,
}

/// Why there is no snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// The generation does not exist (any more).
    NotFound,
    /// The server did not answer in time, or with an error.
    Unavailable,
}

/// What one tab of the browser can hold at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    /// The generation's: its holder leads.
    Generation,
    /// One of the few that limit how many streams the browser keeps open.
    Stream,
}
