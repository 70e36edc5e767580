use std::{
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use engine::StoreError;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::dialects::{Message, Source};

/// `Message N`, once a second, until the client leaves.
pub(crate) struct Ticker {
    seconds: Interval,
    next: u64,
}

/// Ticks once each `period`, the first time after one. A late tick delays those after it.
pub(super) fn each(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

impl Ticker {
    pub(crate) fn new() -> Self {
        Self { seconds: each(Duration::from_secs(1)), next: 0 }
    }
}

impl Source for Ticker {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>> {
        ready!(self.seconds.poll_tick(context));
        let message = Message::new().text(&format!("Message {}", self.next));
        self.next += 1;
        Poll::Ready(Some(Ok(message.end().into())))
    }

    fn cursor(&self) -> u64 {
        self.next.saturating_sub(1)
    }
}
