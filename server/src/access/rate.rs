use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How many callers are remembered before those are forgotten who have all of their requests left.
const MOST: usize = 10_000;

/// How many requests a caller may make in a minute: as many at once, and then each as soon as its
/// share of a minute has passed. (The generic cell rate algorithm, which needs to remember but one
/// moment for each caller.) Clones share what is remembered.
#[derive(Clone)]
pub(crate) struct RateLimit {
    per_minute: u32,
    /// When each caller will have all of its requests left.
    full: Arc<Mutex<HashMap<String, Instant>>>,
}

const MINUTE: Duration = Duration::from_secs(60);

impl RateLimit {
    /// No limit where `per_minute` is 0.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute, full: Arc::default() }
    }

    /// Whether that caller may make a request now; else in how long.
    pub(crate) fn admit(&self, caller: &str) -> Result<(), Duration> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let now = Instant::now();
        let mut all = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, full| *full > now);
        }
        let full = all.get(caller).copied().unwrap_or(now).max(now) + MINUTE / self.per_minute;
        let wait = full.saturating_duration_since(now + MINUTE);
        if !wait.is_zero() {
            return Err(wait);
        }
        all.insert(caller.to_owned(), full);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_caller_has_so_many_requests_in_a_minute() {
        let limit = RateLimit::new(3);
        for _ in 0..3 {
            assert_eq!(limit.admit("a"), Ok(()));
        }
        assert_eq!(limit.admit("a"), Err(Duration::from_secs(20)));
        assert_eq!(limit.admit("b"), Ok(()));
        advance(Duration::from_secs(20)).await;
        assert_eq!(limit.admit("a"), Ok(()));
        assert!(limit.admit("a").is_err());
        advance(MINUTE).await;
        for _ in 0..3 {
            assert_eq!(limit.admit("a"), Ok(()));
        }
    }
}
