use std::time::Duration;

use super::refusal::Refusal;
use crate::ErrorKind;

/// How often a request is sent again at most.
const MOST: u32 = 2;
/// The first pause, where the endpoint names none. Each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause that an endpoint may ask for: who is to wait longer is told so instead.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// When a request is sent once more. Nothing may have been written, and it must be certain that
/// nothing was begun: there was no connection, or the endpoint says that it takes no more now.
#[derive(Debug, Default)]
pub(crate) struct Retries {
    made: u32,
}

impl Retries {
    /// How long to wait before another try; none when there is to be no other.
    pub(crate) fn next(&mut self, refusal: &Refusal) -> Option<Duration> {
        let asked = refusal.retry_after();
        let is_safe = match (refusal.kind(), refusal.status()) {
            (ErrorKind::Unreachable, _) => true,
            // Without a time, another try is as likely to make it worse.
            (ErrorKind::RateLimited, Some(429)) => asked.is_some(),
            (_, Some(503 | 529)) => true,
            _ => false,
        };
        if !is_safe || self.made == MOST || asked.is_some_and(|pause| pause > LONGEST_PAUSE) {
            return None;
        }
        let backoff = FIRST_PAUSE * 2_u32.pow(self.made);
        self.made += 1;
        // Those that were refused together are not to come back together.
        let jitter = Duration::from_millis(fastrand::u64(0..100));
        Some(asked.unwrap_or(backoff) + jitter)
    }
}
