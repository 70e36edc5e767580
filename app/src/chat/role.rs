use super::Replays;
use crate::now::Now;

/// The role of a tab among those of the browser that share the stream.
#[derive(Debug)]
pub(super) enum Role {
    /// It does not follow yet, or is in the back-forward cache, or the conversation is gone.
    Inactive,
    /// It applies what the leader posts, and queues for the lock. At `hello_ms` it says hello, unless
    /// the leader has answered since.
    Follower { hello_ms: Option<u64> },
    /// It has the lock, reads the stream and posts its events to the followers.
    Leader { source: Source, replays: Replays },
    /// It shares nothing, as the browser gives it no locks. Once it is hidden, it closes its stream at
    /// `close_ms`.
    Alone { source: Source, close_ms: Option<u64> },
}

/// The stream of a tab that does not follow another one.
#[derive(Debug)]
pub(super) enum Source {
    /// The tab is hidden and shares nothing.
    Closed,
    /// It is open, or being opened.
    Stream,
    /// It is opened again at `until_ms`.
    Waiting { until_ms: u64, shown_s: u32 },
}

impl Source {
    pub(super) fn waiting(wait_ms: u64, now: Now) -> Self {
        let until_ms = now.clock_ms + wait_ms;
        Self::Waiting { until_ms, shown_s: seconds_until(until_ms, now) }
    }

    /// When the seconds that are shown change.
    fn due_ms(&self) -> Option<u64> {
        match self {
            Self::Waiting { until_ms, shown_s } => {
                Some(until_ms.saturating_sub(u64::from(shown_s.saturating_sub(1)) * 1_000))
            }
            Self::Closed | Self::Stream => None,
        }
    }
}

impl Role {
    pub(super) fn source(&mut self) -> Option<&mut Source> {
        match self {
            Self::Leader { source, .. } | Self::Alone { source, .. } => Some(source),
            Self::Inactive | Self::Follower { .. } => None,
        }
    }

    pub(super) fn is_leader(&self) -> bool {
        matches!(self, Self::Leader { .. })
    }

    /// When something is to be done next.
    pub(super) fn due_ms(&self) -> Option<u64> {
        let (one, other) = match self {
            Self::Inactive => (None, None),
            Self::Follower { hello_ms } => (*hello_ms, None),
            Self::Leader { source, .. } => (source.due_ms(), None),
            Self::Alone { source, close_ms } => (source.due_ms(), *close_ms),
        };
        one.into_iter().chain(other).min()
    }
}

/// Whole seconds until a time by the page's clock, rounded up.
pub(super) fn seconds_until(time_ms: u64, now: Now) -> u32 {
    let seconds = time_ms.saturating_sub(now.clock_ms).div_ceil(1_000);
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
