use super::{now::Now, silence::Silence};

/// How often a tab that may not open a stream yet asks for the snapshot, in milliseconds.
pub(super) const POLL_MS: u64 = 1_000;
/// How often a tab that nobody sees asks for it, in milliseconds: its title tells of the end.
pub(super) const HIDDEN_POLL_MS: u64 = 10_000;

/// How a tab that does not follow another one has the events.
#[derive(Debug)]
pub(super) enum Source {
    /// By asking for the snapshot every so often; at `next_ms`, or it is being asked for.
    Polling { every_ms: u64, next_ms: Option<u64> },
    /// By a stream that is open, or being opened.
    Stream { is_open: bool, silence: Silence },
    /// By what is tried again at `until_ms`.
    Waiting { until_ms: u64, retry: Retry, shown_s: u32 },
    /// By the snapshot that is being asked for, after which a stream is opened.
    Asking,
}

/// What is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Retry {
    /// To open a stream.
    Stream,
    /// To get the snapshot: the server has refused the stream, and may have no more to say, or
    /// something was lost.
    Snapshot,
}

impl Source {
    /// Polls every so often, from the next time on.
    pub(super) fn polling(every_ms: u64, now: Now) -> Self {
        Self::Polling { every_ms, next_ms: Some(now.clock_ms + every_ms) }
    }

    pub(super) fn waiting(wait_ms: u64, retry: Retry, now: Now) -> Self {
        let until_ms = now.clock_ms + wait_ms;
        Self::Waiting { until_ms, retry, shown_s: seconds_until(until_ms, now) }
    }

    /// Whether events, or snapshots in their place, come now.
    pub(super) fn flows(&self) -> bool {
        matches!(self, Self::Polling { .. } | Self::Stream { is_open: true, .. })
    }

    /// Whether an answer to the request for the snapshot is expected.
    pub(super) fn awaits_snapshot(&self) -> bool {
        match self {
            Self::Polling { next_ms, .. } => next_ms.is_none(),
            Self::Stream { silence, .. } => silence.is_asking,
            Self::Waiting { .. } => false,
            Self::Asking => true,
        }
    }

    /// When it wants to be looked at next.
    pub(super) fn due_ms(&self) -> Option<u64> {
        match self {
            Self::Polling { next_ms, .. } => *next_ms,
            Self::Stream { silence, .. } => Some(silence.look_ms),
            Self::Waiting { until_ms, shown_s, .. } => {
                Some(until_ms.saturating_sub(u64::from(shown_s.saturating_sub(1)) * 1_000))
            }
            Self::Asking => None,
        }
    }
}

/// Whole seconds until a time by the page's clock, rounded up.
pub(super) fn seconds_until(time_ms: u64, now: Now) -> u32 {
    let seconds = time_ms.saturating_sub(now.clock_ms).div_ceil(1_000);
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
