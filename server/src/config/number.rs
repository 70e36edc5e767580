use std::{ops::RangeInclusive, str::FromStr, time::Duration};

use super::Rejected;

pub(super) const UP_TO_100_000: &str = "a whole number from 0 to 100000 is accepted";

pub(super) fn count(value: &str) -> Result<usize, Rejected> {
    number(value, 1..=100_000, "a whole number from 1 to 100000 is accepted")
}

pub(super) fn millis(value: &str) -> Result<Duration, Rejected> {
    let accepted = "a number of milliseconds from 10 to 3600000 is accepted";
    number(value, 10..=3_600_000, accepted).map(Duration::from_millis)
}

pub(super) fn number<T: FromStr + PartialOrd>(
    value: &str,
    range: RangeInclusive<T>,
    accepted: &'static str,
) -> Result<T, Rejected> {
    let parsed = value.trim().parse().ok().filter(|number| range.contains(number));
    parsed.ok_or_else(|| Rejected::new(value, accepted))
}
