use protocol::conversation::{Conversation, Turn};

use super::message::{Message, RawEvent};

/// What happens to a tab that follows a conversation.
#[derive(Debug)]
pub(crate) enum Input {
    /// The page was loaded, or has come back from the back-forward cache.
    Join,
    /// The page goes into the back-forward cache, or is closed.
    Leave,
    StreamOpened,
    StreamEvent(RawEvent),
    /// The stream has ended or could not be opened. With `refused`, the server answered, but not with
    /// a stream.
    StreamFailed {
        refused: bool,
    },
    /// The answer to the last [`Fetch`](super::Effect::Fetch). Answers to earlier ones are dropped.
    Fetched(Result<Box<Conversation>, FetchError>),
    LockGranted,
    /// The browser has no Web Locks, or does not give them to this page.
    LockRefused,
    MessageArrived(Message),
    /// The reader has sent something from this tab, and the server has taken it.
    Sent(Sent),
    /// The reader shows another branch in this tab.
    LeafChosen(String),
    /// The reader has given another title in this tab.
    TitleChosen(String),
    /// Messages that are older than those which are here.
    OlderArrived(Box<Conversation>),
    /// The [deadline](super::Machine::deadline_ms) is reached.
    TimePassed,
    Hidden,
    Shown,
    Online,
    Offline,
}

/// A turn that was begun in this tab.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) turn: Turn,
    /// The user's message and what it follows; none when only the reply is new.
    pub(crate) message: Option<(String, Option<String>)>,
    pub(crate) sent_ms: u64,
}

/// Why the conversation could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// It does not exist, or no longer.
    NotFound,
    /// The server did not answer in time, or with an error.
    Unavailable,
}
