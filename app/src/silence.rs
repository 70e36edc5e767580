use crate::now::Now;

/// How often the silence is measured, in milliseconds.
const CHECK_MS: u64 = 1_000;
/// How long a source of events may be silent before the server is asked for the snapshot, in
/// milliseconds.
const LIMIT_MS: u64 = 20_000;

/// How long a source of events has been silent.
///
/// It is measured every second by the wall clock, because timers stand still while a computer sleeps.
/// When someone sets that clock, the server is asked once too often.
#[derive(Debug)]
pub(crate) struct Silence {
    /// When the server is to be asked, by the wall clock.
    limit_at_ms: u64,
    /// When the silence is measured next, by the page's clock.
    pub(crate) check_ms: u64,
    /// Whether the snapshot is being fetched because of the silence.
    pub(crate) is_fetching: bool,
}

impl Silence {
    /// A silence that begins now.
    pub(crate) fn begin(now: Now) -> Self {
        Self::with_limit(LIMIT_MS, now)
    }

    /// A silence that begins now and may last for `wait_ms` only.
    pub(crate) fn with_limit(wait_ms: u64, now: Now) -> Self {
        let check_ms = now.clock_ms + CHECK_MS.min(wait_ms);
        Self { limit_at_ms: now.wall_ms + wait_ms, check_ms, is_fetching: false }
    }

    /// Begins anew, as something has arrived. The next measurement stays where it was, so that an event
    /// does not set the timer anew.
    pub(crate) fn restart(&mut self, now: Now) {
        *self = Self { check_ms: self.check_ms, ..Self::begin(now) };
    }

    /// Whether the server must be asked now. After that, it is not asked again before the silence
    /// begins anew.
    pub(crate) fn poll(&mut self, now: Now) -> bool {
        if now.clock_ms < self.check_ms {
            return false;
        }
        self.check_ms = now.clock_ms + CHECK_MS;
        let left_ms = self.limit_at_ms.saturating_sub(now.wall_ms);
        let must_ask = !self.is_fetching && (left_ms == 0 || left_ms > LIMIT_MS);
        self.is_fetching |= must_ask;
        must_ask
    }
}
