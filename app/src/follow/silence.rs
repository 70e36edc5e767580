use super::now::Now;

/// How often the silence is measured, in milliseconds.
const LOOK_MS: u64 = 1_000;
/// How long a source of events may be silent before the server is asked whether there was anything
/// to say, in milliseconds.
const LONG_MS: u64 = 20_000;

/// The silence of a source of events.
///
/// It is measured again and again, by the wall clock, because a timer stands still while a computer
/// sleeps. When that clock is set, the server is asked once too often.
#[derive(Debug)]
pub(super) struct Silence {
    /// When it counts as long, by the wall clock.
    long_at_ms: u64,
    /// When it is measured next.
    pub(super) look_ms: u64,
    /// Whether the server is being asked.
    pub(super) is_asking: bool,
}

impl Silence {
    /// A silence that begins now.
    pub(super) fn begin(now: Now) -> Self {
        Self::long_in(LONG_MS, now)
    }

    /// A silence that counts as long after `wait_ms`: an answer is expected.
    pub(super) fn long_in(wait_ms: u64, now: Now) -> Self {
        let look_ms = now.clock_ms + LOOK_MS.min(wait_ms);
        Self { long_at_ms: now.wall_ms + wait_ms, look_ms, is_asking: false }
    }

    /// Begins anew: something was heard. It is measured no later than before.
    pub(super) fn restart(&mut self, now: Now) {
        *self = Self { look_ms: self.look_ms, ..Self::begin(now) };
    }

    /// Whether it is time to ask. The silence then counts as asked about until it begins anew.
    pub(super) fn asks(&mut self, now: Now) -> bool {
        if now.clock_ms < self.look_ms {
            return false;
        }
        self.look_ms = now.clock_ms + LOOK_MS;
        let left_ms = self.long_at_ms.saturating_sub(now.wall_ms);
        let asks = !self.is_asking && (left_ms == 0 || left_ms > LONG_MS);
        self.is_asking |= asks;
        asks
    }
}
