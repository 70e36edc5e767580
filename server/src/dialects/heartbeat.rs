use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// Decides when a stream has been silent for so long that a comment is due.
///
/// Each connection has one timer. A send does not reset it, as sends are frequent and silences are
/// rare. Instead, a timer that fires too early is set again.
pub(super) struct Heartbeat {
    interval: Duration,
    timer: Pin<Box<Sleep>>,
    /// When the timer fires.
    due: Instant,
    /// The task that the timer wakes; `None` until the timer was polled.
    waker: Option<Waker>,
    last_sent: Instant,
    /// Whether something was sent since `last_sent` was updated, which needs the time and is left to
    /// [`poll_due`](Self::poll_due).
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
            // The timer would wake this task already, and polling it after each event would cost a cache
            // miss.
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
    struct WakeCounter(AtomicUsize);

    impl WakeCounter {
        fn count(&self) -> usize {
            self.0.load(Ordering::Relaxed)
        }
    }

    impl Wake for WakeCounter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A heartbeat that waits for its first interval to pass, and what counts its wake-ups.
    fn waiting() -> (Heartbeat, Arc<WakeCounter>, Waker) {
        let wakes = Arc::new(WakeCounter::default());
        let waker = Waker::from(Arc::clone(&wakes));
        let mut heartbeat = Heartbeat::new(INTERVAL);
        assert!(heartbeat.poll_due(&mut Context::from_waker(&waker)).is_pending());
        (heartbeat, wakes, waker)
    }

    #[tokio::test(start_paused = true)]
    async fn no_heartbeat_is_due_while_something_is_sent_within_each_interval() {
        let (mut heartbeat, _, waker) = waiting();
        let mut context = Context::from_waker(&waker);
        for _ in 0..10 {
            advance(INTERVAL - Duration::from_secs(1)).await;
            assert!(heartbeat.poll_due(&mut context).is_pending(), "polled for another reason");
            heartbeat.sent();
            assert!(heartbeat.poll_due(&mut context).is_pending());
        }
        advance(INTERVAL).await;
        assert!(heartbeat.poll_due(&mut context).is_ready());
    }

    /// After a send that takes long, the stream is not polled until the timer has fired.
    #[tokio::test(start_paused = true)]
    async fn a_heartbeat_is_due_after_a_send_that_took_long() {
        let (mut heartbeat, wakes, waker) = waiting();
        let mut context = Context::from_waker(&waker);
        advance(Duration::from_secs(10)).await;
        heartbeat.sent();
        advance(Duration::from_secs(10)).await;
        let woken = wakes.count();
        assert!(heartbeat.poll_due(&mut context).is_pending());
        advance(INTERVAL + Duration::from_secs(1)).await;
        assert!(wakes.count() > woken, "not woken");
        assert!(heartbeat.poll_due(&mut context).is_ready());
    }

    #[tokio::test(start_paused = true)]
    async fn a_heartbeat_is_due_after_any_pattern_of_sends() {
        let (mut heartbeat, wakes, waker) = waiting();
        let mut context = Context::from_waker(&waker);
        for round in 0..6 {
            // The sends come at once after the heartbeat, a second later, and after the timer has fired.
            for pause in [0, 1, 16][..round % 4].iter().map(|pause| Duration::from_secs(*pause)) {
                advance(pause).await;
                heartbeat.sent();
                assert!(heartbeat.poll_due(&mut context).is_pending());
            }
            advance(INTERVAL - Duration::from_secs(1)).await;
            let is_polled = round % 2 == 0;
            assert!(!is_polled || heartbeat.poll_due(&mut context).is_pending(), "round {round}");
            let woken = wakes.count();
            advance(Duration::from_secs(2)).await;
            assert!(wakes.count() > woken, "not woken in round {round}");
            assert!(heartbeat.poll_due(&mut context).is_ready(), "no heartbeat in round {round}");
        }
    }
}
