use std::{
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use engine::StoreError;
use jiff::{Timestamp, tz::TimeZone};
use tokio::time::Interval;

use super::ticker::each;
use crate::dialects::{Message, Source};

/// The time of day in one zone: at once in an event named `connecttime`, then each second.
pub(crate) struct Clock {
    zone: TimeZone,
    seconds: Interval,
    sent: u64,
}

impl Clock {
    /// A clock that shows the time in `zone`.
    pub(crate) fn new(zone: TimeZone) -> Self {
        Self { zone, seconds: each(Duration::from_secs(1)), sent: 0 }
    }

    /// The time in the format that is usual in China: `2026/1/5 09:03:07`.
    fn now(&self) -> String {
        let now = Timestamp::now().to_zoned(self.zone.clone());
        now.strftime("%Y/%-m/%-d %H:%M:%S").to_string()
    }
}

impl Source for Clock {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>> {
        let message = if self.sent == 0 {
            Message::new().event("connecttime")
        } else {
            ready!(self.seconds.poll_tick(context));
            Message::new()
        };
        self.sent += 1;
        Poll::Ready(Some(Ok(message.text(&self.now()).end().into())))
    }

    fn cursor(&self) -> u64 {
        self.sent
    }
}
