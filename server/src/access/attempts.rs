use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How many wrong tokens from one address have no consequence.
const FREE: u32 = 5;

/// The longest pause after a wrong token, in seconds.
const LONGEST_S: u64 = 60;

/// After so long, an address's wrong tokens are forgotten.
const FORGOTTEN: Duration = Duration::from_secs(15 * 60);

/// How many addresses are remembered at most.
const MOST: usize = 4096;

/// Slows down whoever tries out tokens: after some wrong ones, each costs an address a pause that
/// is twice as long. Clones share what is remembered.
#[derive(Clone, Default)]
pub(crate) struct Attempts(Arc<Mutex<HashMap<IpAddr, Failed>>>);

#[derive(Clone, Copy)]
struct Failed {
    times: u32,
    last: Instant,
}

impl Failed {
    fn pause(self) -> Duration {
        let doublings = self.times.saturating_sub(FREE);
        if doublings == 0 {
            return Duration::ZERO;
        }
        Duration::from_secs(2_u64.saturating_pow(doublings).min(LONGEST_S))
    }
}

impl Attempts {
    /// Whether a token from that address is looked at; else how long it has to wait.
    pub(crate) fn admit(&self, address: IpAddr) -> Result<(), Duration> {
        let Some(failed) = self.lock().get(&address).copied() else { return Ok(()) };
        let left = (failed.last + failed.pause()).saturating_duration_since(Instant::now());
        if left.is_zero() { Ok(()) } else { Err(left) }
    }

    /// A token was wrong.
    pub(crate) fn failed(&self, address: IpAddr) {
        let (now, mut all) = (Instant::now(), self.lock());
        if all.len() >= MOST {
            all.retain(|_, failed| now.duration_since(failed.last) < FORGOTTEN);
        }
        if all.len() >= MOST
            && let Some(oldest) = all.iter().min_by_key(|(_, it)| it.last).map(|(it, _)| *it)
        {
            all.remove(&oldest);
        }
        let failed = all.entry(address).or_insert(Failed { times: 0, last: now });
        if now.duration_since(failed.last) >= FORGOTTEN {
            failed.times = 0;
        }
        *failed = Failed { times: failed.times.saturating_add(1), last: now };
    }

    /// A token was right.
    pub(crate) fn succeeded(&self, address: IpAddr) {
        self.lock().remove(&address);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Failed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_wrong_token_costs_twice_as_long() {
        let attempts = Attempts::default();
        let (mine, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..FREE {
            attempts.failed(mine);
            assert_eq!(attempts.admit(mine), Ok(()));
        }
        for seconds in [2, 4, 8, 16, 32, 60, 60] {
            attempts.failed(mine);
            assert_eq!(attempts.admit(mine), Err(Duration::from_secs(seconds)));
            assert_eq!(attempts.admit(other), Ok(()));
            advance(Duration::from_secs(seconds)).await;
            assert_eq!(attempts.admit(mine), Ok(()));
        }
        attempts.succeeded(mine);
        attempts.failed(mine);
        assert_eq!(attempts.admit(mine), Ok(()));
    }

    #[test]
    fn no_more_addresses_are_remembered_than_may_be() {
        let attempts = Attempts::default();
        for number in 0..=u32::try_from(MOST).unwrap() {
            attempts.failed(IpAddr::from(number.to_be_bytes()));
        }
        assert_eq!(attempts.lock().len(), MOST);
    }
}
