use crate::{now::Now, silence::Silence};

/// How often a tab that has no lock for a stream yet fetches the snapshot, in milliseconds.
pub(super) const POLL_MS: u64 = 1_000;
/// How often a hidden tab without a stream fetches it, in milliseconds. The tab's title shows whether
/// the generation has ended.
pub(super) const HIDDEN_POLL_MS: u64 = 10_000;

/// How a tab that follows no leader gets the events.
#[derive(Debug)]
pub(super) enum Source {
    /// It fetches the snapshot at intervals: next at `next_ms`, or right now when that is `None`.
    Polling { every_ms: u64, next_ms: Option<u64> },
    /// It reads a stream that is open or being opened.
    Stream { is_open: bool, silence: Silence },
    /// It has failed, and tries again at `until_ms`. `shown_s` are the seconds until then as they are
    /// shown.
    Waiting { until_ms: u64, retry: Retry, shown_s: u32 },
    /// It fetches the snapshot, and will then open a stream.
    Fetching,
}

/// What a tab tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Retry {
    /// Opening a stream.
    Stream,
    /// Fetching the snapshot, because events were lost, or because the server has refused a stream,
    /// which it does when there are no more events.
    Snapshot,
}

impl Source {
    /// Polls at this interval. The first poll comes after one interval.
    pub(super) fn polling(every_ms: u64, now: Now) -> Self {
        Self::Polling { every_ms, next_ms: Some(now.clock_ms + every_ms) }
    }

    pub(super) fn waiting(wait_ms: u64, retry: Retry, now: Now) -> Self {
        let until_ms = now.clock_ms + wait_ms;
        Self::Waiting { until_ms, retry, shown_s: seconds_until(until_ms, now) }
    }

    /// Whether the tab gets events, or snapshots in their place, so that it is as far as the server.
    pub(super) fn is_delivering(&self) -> bool {
        matches!(self, Self::Polling { .. } | Self::Stream { is_open: true, .. })
    }

    /// Whether an answer to the request for the snapshot is expected.
    pub(super) fn awaits_snapshot(&self) -> bool {
        match self {
            Self::Polling { next_ms, .. } => next_ms.is_none(),
            Self::Stream { silence, .. } => silence.is_fetching,
            Self::Waiting { .. } => false,
            Self::Fetching => true,
        }
    }

    /// When something is to be done next: a poll, a measurement, another second to show, or a retry.
    pub(super) fn due_ms(&self) -> Option<u64> {
        match self {
            Self::Polling { next_ms, .. } => *next_ms,
            Self::Stream { silence, .. } => Some(silence.check_ms),
            Self::Waiting { until_ms, shown_s, .. } => {
                Some(until_ms.saturating_sub(u64::from(shown_s.saturating_sub(1)) * 1_000))
            }
            Self::Fetching => None,
        }
    }
}

/// Whole seconds until a time by the page's clock, rounded up.
pub(super) fn seconds_until(time_ms: u64, now: Now) -> u32 {
    let seconds = time_ms.saturating_sub(now.clock_ms).div_ceil(1_000);
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
