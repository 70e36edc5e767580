use super::{followers::Followers, source::Source};
use crate::{now::Now, silence::Silence};

/// How often a follower posts [`Hello`](super::Message::Hello), in milliseconds.
const HELLO_MS: u64 = 10_000;

/// The role of a tab among those of the browser that follow one generation.
#[derive(Debug)]
pub(super) enum Role {
    /// It does not follow yet, or is in the back-forward cache.
    Inactive,
    /// It applies what the leader posts, and queues for the generation's lock.
    Follower(Following),
    /// It has the generation's lock, reads the events and posts them to the followers.
    Leader { source: Source, followers: Followers },
    /// It shares nothing, as the browser gives it no locks. Once it is hidden, it closes its stream at
    /// `close_ms`.
    Alone { source: Source, close_ms: Option<u64> },
    /// The generation has ended. A page stops a generation before it deletes it, so a stopped one may
    /// be deleted soon: that is checked at `check_ms`, and then after each of `waits_ms`.
    Ended { check_ms: Option<u64>, waits_ms: &'static [u64] },
}

/// What a follower knows of its leader.
#[derive(Debug)]
pub(super) struct Following {
    /// How long the leader has been silent. A frozen tab keeps its lock but posts nothing.
    pub(super) silence: Silence,
    /// When the follower posts the next [`Hello`](super::Message::Hello).
    pub(super) hello_ms: u64,
    /// Whether events were missed, so that those which come cannot be applied before a snapshot.
    pub(super) is_behind: bool,
}

impl Following {
    pub(super) fn begin(now: Now) -> Self {
        let hello_ms = now.clock_ms + HELLO_MS;
        Self { silence: Silence::begin(now), hello_ms, is_behind: false }
    }
}

impl Role {
    /// The role after the end, with a check after each of `waits_ms` whether the generation was deleted.
    pub(super) fn ended(waits_ms: &'static [u64], now: Now) -> Self {
        match waits_ms {
            [wait_ms, waits_ms @ ..] => {
                Self::Ended { check_ms: Some(now.clock_ms + wait_ms), waits_ms }
            }
            [] => Self::Ended { check_ms: None, waits_ms },
        }
    }

    pub(super) fn source(&mut self) -> Option<&mut Source> {
        match self {
            Self::Leader { source, .. } | Self::Alone { source, .. } => Some(source),
            Self::Inactive | Self::Follower(_) | Self::Ended { .. } => None,
        }
    }

    /// The followers, when there are any.
    pub(super) fn followers(&mut self) -> Option<&mut Followers> {
        match self {
            Self::Leader { followers, .. } if !followers.is_empty() => Some(followers),
            _ => None,
        }
    }

    /// Whether an answer to the request for the snapshot is expected.
    pub(super) fn awaits_snapshot(&self) -> bool {
        match self {
            Self::Inactive => false,
            Self::Follower(following) => following.silence.is_fetching,
            Self::Leader { source, .. } | Self::Alone { source, .. } => source.awaits_snapshot(),
            Self::Ended { .. } => true,
        }
    }

    /// When something is to be done next.
    pub(super) fn due_ms(&self) -> Option<u64> {
        let (one, other) = match self {
            Self::Inactive => (None, None),
            Self::Follower(Following { silence, hello_ms, .. }) => {
                (Some(silence.check_ms), Some(*hello_ms))
            }
            Self::Leader { source, followers } => (source.due_ms(), followers.due_ms()),
            Self::Alone { source, close_ms } => (source.due_ms(), *close_ms),
            Self::Ended { check_ms, .. } => (*check_ms, None),
        };
        one.into_iter().chain(other).min()
    }
}
