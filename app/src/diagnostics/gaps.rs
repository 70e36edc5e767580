use super::trial::Trial;

/// The time before each event in milliseconds: before the first since the trial began, before any
/// other since the last one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Gaps(pub(crate) Vec<f64>);

impl Gaps {
    pub(crate) fn of(trial: &Trial) -> Self {
        let mut before_ms = 0.0;
        let gap = |at_ms: f64| at_ms - std::mem::replace(&mut before_ms, at_ms);
        Self(trial.arrivals.iter().map(|arrival| arrival.at_ms).map(gap).collect())
    }

    /// The shortest, the median and the longest gap, without that before the first event.
    pub(crate) fn spread_ms(&self) -> Option<(f64, f64, f64)> {
        let mut sorted = self.0.get(1..)?.to_vec();
        sorted.sort_by(f64::total_cmp);
        Some((*sorted.first()?, *sorted.get(sorted.len() / 2)?, *sorted.last()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_for_the_first_message_is_no_gap_between_two() {
        let gaps = Gaps(vec![900.0, 100.0, 300.0, 200.0]);
        assert_eq!(gaps.spread_ms(), Some((100.0, 200.0, 300.0)));
        assert_eq!(Gaps(vec![900.0]).spread_ms(), None);
        assert_eq!(Gaps::default().spread_ms(), None);
    }
}
