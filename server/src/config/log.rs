use tracing_subscriber::EnvFilter;

use super::Rejected;

/// What is logged when nothing is said: warnings of all, and what we say ourselves.
pub(super) const DEFAULT: &str = "warn,server=info,engine=info,llm=info,store=info";

pub(super) fn levels(value: &str) -> Result<String, Rejected> {
    if value.trim().is_empty() {
        return Ok(DEFAULT.to_owned());
    }
    let is_level =
        |word: &str| matches!(word, "off" | "error" | "warn" | "info" | "debug" | "trace");
    let is_accepted = value.split(',').all(|part| match part.split_once('=') {
        Some((target, level)) => !target.is_empty() && is_level(level),
        None => is_level(part),
    });
    if is_accepted && EnvFilter::try_new(value).is_ok() {
        return Ok(value.to_owned());
    }
    let accepted = "off, error, warn, info, debug and trace are accepted, also for a target, as \
                    warn,engine=debug";
    Err(Rejected::new(value, accepted))
}
