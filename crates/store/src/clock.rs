use std::time::Duration;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// How far the clock may be ahead of what was believed, at once: as after a night.
const STEP_MS: u64 = DAY_MS;

/// For how long a clock that is further ahead is doubted.
const DOUBT_MS: u64 = 3 * DAY_MS;

/// The longest that it may go unread meanwhile.
const GAP_MS: u64 = 31 * DAY_MS;

/// What retention believes of the time of day.
///
/// What is removed never comes back, and a clock may be set years ahead by mistake, or start so. A
/// reading that is more than a day ahead of the last one that was believed (at the beginning, of
/// the newest generation) is therefore doubted: ages are counted from the last one, until the
/// clock has gone on for three days from where it was doubted first. When it leaps again, by more
/// than a month, the three days begin anew. So a server that was off for long removes what is old
/// some days late, and whoever sets the clock right within three days loses nothing. A clock that
/// is behind is followed, as it only makes things look younger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    /// The latest time that was believed.
    pub(crate) believed_ms: u64,
    /// The clock's first reading that was doubted, unless it is believed.
    pub(crate) doubted_since_ms: Option<u64>,
}

impl Clock {
    pub(crate) fn starting_at(believed_ms: u64) -> Self {
        Self { believed_ms, doubted_since_ms: None }
    }

    /// Takes in a reading, and gives the time that ages are counted from.
    pub(crate) fn read(&mut self, now_ms: u64) -> u64 {
        let is_near = now_ms <= self.believed_ms.saturating_add(STEP_MS);
        let goes_on = |since: &u64| (*since..=since.saturating_add(GAP_MS)).contains(&now_ms);
        let since = self.doubted_since_ms.filter(goes_on).unwrap_or(now_ms);
        if !is_near && now_ms - since < DOUBT_MS {
            self.doubted_since_ms = Some(since);
            return self.believed_ms;
        }
        *self = Self::starting_at(now_ms.max(self.believed_ms));
        now_ms
    }

    /// Takes in a reading, and gives the time before which a generation is older than `max_age`.
    pub(crate) fn oldest_ms(&mut self, now_ms: u64, max_age: Duration) -> u64 {
        let max_age_ms = u64::try_from(max_age.as_millis()).unwrap_or(u64::MAX);
        self.read(now_ms).saturating_sub(max_age_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR_MS: u64 = 365 * DAY_MS;

    /// What ages are counted from after each of the readings.
    fn read<const N: usize>(clock: &mut Clock, readings: [u64; N]) -> [u64; N] {
        readings.map(|now_ms| clock.read(now_ms))
    }

    #[test]
    fn a_clock_that_goes_on_is_believed_at_once() {
        let mut clock = Clock::starting_at(YEAR_MS);
        let readings = [YEAR_MS, YEAR_MS + 600_000, YEAR_MS + DAY_MS, YEAR_MS + 2 * DAY_MS];
        assert_eq!(read(&mut clock, readings), readings);
    }

    #[test]
    fn a_clock_that_leaps_is_believed_after_three_days_in_step() {
        let (start, far) = (YEAR_MS, 30 * YEAR_MS);
        let mut clock = Clock::starting_at(start);
        let readings = [far, far + DAY_MS, far + 3 * DAY_MS - 1, far + 3 * DAY_MS];
        assert_eq!(read(&mut clock, readings), [start, start, start, far + 3 * DAY_MS]);
        assert_eq!(clock, Clock::starting_at(far + 3 * DAY_MS));
    }

    #[test]
    fn whoever_sets_it_right_in_time_is_as_before() {
        let (start, far) = (YEAR_MS, 30 * YEAR_MS);
        let mut clock = Clock::starting_at(start);
        let readings = [far, far + 2 * DAY_MS, start + DAY_MS, far];
        assert_eq!(read(&mut clock, readings), [start, start, start + DAY_MS, start + DAY_MS]);
        assert_eq!(clock.doubted_since_ms, Some(far), "it is doubted from now on");
    }

    #[test]
    fn a_second_leap_does_not_confirm_the_first() {
        let start = YEAR_MS;
        let mut clock = Clock::starting_at(start);
        let readings = [2 * YEAR_MS, 9 * YEAR_MS, 5 * YEAR_MS, 30 * YEAR_MS];
        assert_eq!(read(&mut clock, readings), [start; 4]);
    }

    #[test]
    fn a_server_that_runs_now_and_then_is_not_behind_for_good() {
        let mut clock = Clock::starting_at(0);
        let weeks: [u64; 4] = std::array::from_fn(|week| (week as u64 + 1) * 7 * DAY_MS);
        assert_eq!(read(&mut clock, weeks), [0, weeks[1], weeks[1], weeks[3]]);
    }

    #[test]
    fn a_clock_that_is_behind_is_followed_and_may_come_back() {
        let mut clock = Clock::starting_at(YEAR_MS);
        let readings = [0, YEAR_MS + 1];
        assert_eq!(read(&mut clock, readings), readings);
    }
}
