use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use engine::{StoreError, Subscription};
use tokio::time::{Instant, Sleep, sleep};

use super::{Dialect, Source};

/// A subscription's events in one dialect.
pub(crate) struct Encoded<D> {
    subscription: Subscription,
    dialect: D,
    pace: Option<Pace>,
}

impl<D: Dialect> Encoded<D> {
    pub(crate) fn new(subscription: Subscription, dialect: D) -> Self {
        Self { subscription, dialect, pace: None }
    }

    /// Limits the rate of sends. Events that arrive between two sends are merged where they can be.
    pub(crate) fn at_most(mut self, times_a_second: u32) -> Self {
        self.subscription.merge_always();
        self.pace = Some(Pace::times_a_second(times_a_second));
        self
    }
}

impl<D: Dialect> Source for Encoded<D> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>> {
        loop {
            if let Some(pace) = &mut self.pace {
                ready!(pace.poll_ready(context));
            }
            let batch = match ready!(self.subscription.poll_next(context)) {
                Ok(Some(batch)) => batch,
                Ok(None) => return Poll::Ready(None),
                Err(error) => {
                    tracing::warn!(
                        error = error.with_causes(),
                        "a log could not be read any further"
                    );
                    return Poll::Ready(Some(Err(error)));
                }
            };
            let bytes = self.dialect.encode(batch);
            if !bytes.is_empty() {
                self.pace.iter_mut().for_each(Pace::sent);
                return Poll::Ready(Some(Ok(bytes)));
            }
        }
    }

    fn cursor(&self) -> u64 {
        self.subscription.cursor()
    }
}

/// Keeps a minimum interval between two sends. The first send does not wait.
pub(super) struct Pace {
    interval: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Pace {
    pub(super) fn times_a_second(times: u32) -> Self {
        Self::new(Duration::from_secs(1) / times.max(1))
    }

    fn new(interval: Duration) -> Self {
        Self { interval, timer: Box::pin(sleep(Duration::ZERO)) }
    }

    pub(super) fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.timer.as_mut().poll(context)
    }

    pub(super) fn sent(&mut self) {
        self.timer.as_mut().reset(Instant::now() + self.interval);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_the_first_send_waits_for_nothing() {
        let begin = Instant::now();
        let mut pace = Pace::new(Duration::from_millis(33));
        for sent in 0..4 {
            poll_fn(|context| pace.poll_ready(context)).await;
            assert_eq!(begin.elapsed(), Duration::from_millis(33 * sent));
            pace.sent();
        }
    }
}
