use std::time::Duration;

/// A setting that is not what is accepted.
#[derive(Debug, thiserror::Error)]
#[error("UNSPOOL_{name} is {:?}: {accepted}", llm::redact(value))]
pub(crate) struct BadSetting {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) accepted: &'static str,
}

/// A setting that is set to nothing is not set.
pub(super) fn filled(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.trim().is_empty())
}

pub(super) fn count(name: &'static str, value: String) -> Result<usize, BadSetting> {
    number(name, value, 1..=100_000, "a whole number from 1 to 100000 is accepted")
}

pub(super) fn millis(name: &'static str, value: String) -> Result<Duration, BadSetting> {
    let accepted = "a number of milliseconds from 10 to 3600000 is accepted";
    number(name, value, 10..=3_600_000, accepted).map(Duration::from_millis)
}

pub(super) fn number<T: std::str::FromStr + PartialOrd>(
    name: &'static str,
    value: String,
    range: std::ops::RangeInclusive<T>,
    accepted: &'static str,
) -> Result<T, BadSetting> {
    match value.trim().parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(BadSetting { name, value, accepted }),
    }
}
