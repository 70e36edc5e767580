use std::time::Duration;

/// How much of the past is kept. Without limits, everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Generations that were created longer ago go.
    pub max_age: Option<Duration>,
    /// The oldest go until inputs and logs of the ended ones take no more than this.
    pub max_bytes: Option<u64>,
}

/// What [`Store::prune`](crate::Store::prune) did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pruned {
    /// How many generations were removed.
    pub removed: u64,
    /// The clock is far ahead of what is believed: ages are not counted from it for some days.
    pub clock_is_doubted: bool,
}

/// How many generations go in one transaction, so that no append waits long behind it.
pub(crate) const ROUND: usize = 32;

/// Says which of the generations that have ended are to go, asked in the order of creation and not
/// of what the clock said then: it may have been wrong. So the first that is young enough keeps
/// those that came after it, but for one that bears a time yet to come.
pub(crate) struct Surplus {
    /// What was created before goes.
    pub(crate) oldest_ms: u64,
    /// So many bytes go in any case.
    pub(crate) excess: u64,
    pub(crate) now_ms: u64,
}

/// What becomes of a generation.
pub(crate) enum Verdict {
    Goes,
    Stays,
    /// As do all that were created later.
    StaysWithTheRest,
}

impl Surplus {
    /// Judges the next one.
    pub(crate) fn judge(&mut self, created_ms: u64, bytes: u64) -> Verdict {
        if self.excess > 0 || created_ms < self.oldest_ms {
            self.excess = self.excess.saturating_sub(bytes);
            Verdict::Goes
        } else if created_ms <= self.now_ms {
            Verdict::StaysWithTheRest
        } else {
            Verdict::Stays
        }
    }
}
