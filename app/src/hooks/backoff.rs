/// The first wait, in milliseconds.
const FIRST_MS: f64 = 500.0;
/// The longest wait, in milliseconds.
const LONGEST_MS: f64 = 10_000.0;

/// How long to wait before the next attempt: twice as long each time, and a random part
/// shorter, so that many pages do not come back at the same moment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Backoff {
    attempts: i32,
}

impl Backoff {
    /// The next wait in milliseconds; `random` lies between 0 and 1.
    pub(crate) fn next_ms(&mut self, random: f64) -> f64 {
        let full = (FIRST_MS * 2_f64.powi(self.attempts)).min(LONGEST_MS);
        self.attempts = (self.attempts + 1).min(16);
        full * (1.0 - 0.5 * random)
    }

    /// Begins anew, after a success.
    pub(crate) fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "powers of two are exact")]
    fn waits_double_up_to_the_longest() {
        let mut backoff = Backoff::default();
        let waits: Vec<f64> = (0..7).map(|_| backoff.next_ms(0.0)).collect();
        assert_eq!(waits, [500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 10_000.0, 10_000.0]);
        backoff.reset();
        assert_eq!(backoff.next_ms(1.0), 250.0);
    }
}
