use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// Tells when a stream has been silent for so long that a comment is due.
///
/// There is one timer for each connection. Sending does not reset it, as sends are frequent and
/// silences rare; a timer that fires too early is set again.
pub(super) struct Heartbeat {
    interval: Duration,
    timer: Pin<Box<Sleep>>,
    /// When the timer fires.
    due: Instant,
    /// The task that the timer wakes; none before it was polled.
    waker: Option<Waker>,
    last_sent: Instant,
    /// Whether something was sent since `last_sent` was noted.
    has_sent: bool,
}

impl Heartbeat {
    pub(super) fn new(interval: Duration) -> Self {
        let now = Instant::now();
        let due = now + interval;
        let timer = Box::pin(sleep_until(due));
        Self { interval, timer, due, waker: None, last_sent: now, has_sent: false }
    }

    /// Records that something was sent.
    pub(super) fn sent(&mut self) {
        self.has_sent = true;
    }

    /// Waits until nothing has been sent for the interval.
    pub(super) fn poll_due(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if mem::take(&mut self.has_sent) {
            self.last_sent = Instant::now();
            let waker = self.waker.as_ref();
            let will_wake = waker.is_some_and(|waker| waker.will_wake(context.waker()));
            // Polling the timer for each event would cost a cache miss.
            if will_wake && self.last_sent < self.due {
                return Poll::Pending;
            }
        }
        self.waker = Some(context.waker().clone());
        loop {
            ready!(self.timer.as_mut().poll(context));
            let now = Instant::now();
            let is_silent = now >= self.last_sent + self.interval;
            if is_silent {
                self.last_sent = now;
                self.waker = None;
            }
            self.due = self.last_sent + self.interval;
            self.timer.as_mut().reset(self.due);
            if is_silent {
                return Poll::Ready(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        task::Wake,
    };

    use tokio::time::advance;

    use super::*;

    const INTERVAL: Duration = Duration::from_secs(15);

    /// Counts how often it is woken.
    #[derive(Default)]
    struct Sleeper(AtomicUsize);

    impl Wake for Sleeper {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_none_while_nobody_is_silent_for_long() {
        let mut context = Context::from_waker(Waker::noop());
        let mut beat = Heartbeat::new(INTERVAL);
        assert!(beat.poll_due(&mut context).is_pending());
        for _ in 0..10 {
            advance(INTERVAL - Duration::from_secs(1)).await;
            assert!(beat.poll_due(&mut context).is_pending(), "woken by another");
            beat.sent();
            assert!(beat.poll_due(&mut context).is_pending());
        }
        advance(INTERVAL).await;
        assert!(beat.poll_due(&mut context).is_ready());
    }

    /// What was said goes out slowly: nobody looks until the timer has fired.
    #[tokio::test(start_paused = true)]
    async fn silence_is_broken_after_something_was_said_that_took_long_to_leave() {
        let sleeper = Arc::new(Sleeper::default());
        let waker = Waker::from(Arc::clone(&sleeper));
        let mut context = Context::from_waker(&waker);
        let mut beat = Heartbeat::new(INTERVAL);
        assert!(beat.poll_due(&mut context).is_pending());
        advance(Duration::from_secs(10)).await;
        beat.sent();
        advance(Duration::from_secs(10)).await;
        let woken = sleeper.0.load(Ordering::Relaxed);
        assert!(beat.poll_due(&mut context).is_pending());
        advance(INTERVAL + Duration::from_secs(1)).await;
        assert!(sleeper.0.load(Ordering::Relaxed) > woken, "nobody is woken");
        assert!(beat.poll_due(&mut context).is_ready());
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_broken_whatever_was_said_before() {
        let sleeper = Arc::new(Sleeper::default());
        let waker = Waker::from(Arc::clone(&sleeper));
        let mut context = Context::from_waker(&waker);
        let mut beat = Heartbeat::new(INTERVAL);
        assert!(beat.poll_due(&mut context).is_pending());
        for round in 0..6 {
            // What is said comes just after the beat, a while later, or with the next beat.
            for pause in [0, 1, 16][..round % 4].iter().map(|pause| Duration::from_secs(*pause)) {
                advance(pause).await;
                beat.sent();
                assert!(beat.poll_due(&mut context).is_pending());
            }
            advance(INTERVAL - Duration::from_secs(1)).await;
            let someone_looks = round % 2 == 0;
            assert!(!someone_looks || beat.poll_due(&mut context).is_pending(), "round {round}");
            let woken = sleeper.0.load(Ordering::Relaxed);
            advance(Duration::from_secs(2)).await;
            assert!(sleeper.0.load(Ordering::Relaxed) > woken, "nobody is woken in round {round}");
            assert!(beat.poll_due(&mut context).is_ready(), "silent in round {round}");
        }
    }
}
