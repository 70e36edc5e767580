use protocol::Snapshot;

use super::message::{Message, RawEvent};

/// What happens to a tab that follows a generation.
#[derive(Debug)]
pub(crate) enum Input {
    /// The page was loaded, or has come back from the back-forward cache.
    Join,
    /// The page goes into the back-forward cache, or is closed.
    Leave,
    StreamOpened,
    StreamEvent(RawEvent),
    /// The stream has ended or could not be opened. With `refused`, the server answered, but not with a
    /// stream.
    StreamFailed {
        refused: bool,
    },
    /// The answer to the last [`FetchSnapshot`](super::Effect::FetchSnapshot). Answers to earlier ones
    /// are dropped.
    SnapshotArrived(Result<Box<Snapshot>, FetchError>),
    LockGranted(Lock),
    /// The browser has no Web Locks, or does not give them to this page.
    LockRefused(Lock),
    MessageArrived(Message),
    /// The [deadline](super::Machine::deadline_ms) is reached.
    TimePassed,
    Hidden,
    Shown,
    Online,
    Offline,
}

/// Why a snapshot could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// The generation does not exist, or no longer.
    NotFound,
    /// The server did not answer in time, or with an error.
    Unavailable,
}

/// A Web Lock, which one tab of the browser can hold at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    /// The generation's lock. Its holder is the leader.
    Generation,
    /// One of a few locks that limit how many streams the browser keeps open.
    Stream,
}
