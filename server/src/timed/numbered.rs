use std::{
    task::{Context, Poll, ready},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use engine::StoreError;
use serde::Serialize;
use serde_json::json;
use tokio::time::Interval;

use super::ticker::each;
use crate::{
    connections::Connection,
    dialects::{Message, Source},
};

/// The parameters of a stream of numbered messages.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Numbers {
    /// The number of the last message. The first one's is 1.
    pub(crate) count: u64,
    /// The pause between two messages.
    pub(crate) delay: Duration,
    /// The text of each message, before its number.
    pub(crate) message: String,
    /// The stream begins after the message with this number.
    pub(crate) after: u64,
}

/// The diagnostics stream: `init`, `config`, numbered messages, `done`.
pub(crate) struct Numbered {
    numbers: Numbers,
    connection_id: String,
    opened: std::time::Instant,
    pause: Interval,
    stage: Stage,
    last: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Opening,
    Counting,
    Over,
}

#[derive(Serialize)]
struct Numeral<'a> {
    id: u64,
    index: u64,
    message: &'a str,
    /// Seconds since the Unix epoch.
    timestamp: f64,
}

impl Numbered {
    /// A stream over `connection`.
    pub(crate) fn new(numbers: Numbers, connection: &Connection) -> Self {
        Self {
            connection_id: connection.id(),
            opened: std::time::Instant::now(),
            pause: each(numbers.delay),
            stage: Stage::Opening,
            last: numbers.after,
            numbers,
        }
    }

    /// The events `init` and `config`, and the first message, which is sent without a pause.
    fn open(&mut self) -> Vec<u8> {
        let Numbers { count, delay, message, after } = &self.numbers;
        let init = json!({
            "connection_id": self.connection_id,
            "start_id": after + 1,
            "message": message,
        });
        let config = json!({"count": count, "delay": delay.as_secs_f64(), "message": message});
        let mut bytes = Message::new().event("init").json(&init).end();
        bytes.extend(Message::new().event("config").json(&config).end());
        self.stage = Stage::Counting;
        bytes.extend(self.count());
        bytes
    }

    fn count(&mut self) -> Vec<u8> {
        self.last += 1;
        let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let numeral = Numeral {
            id: self.last,
            index: self.last - 1,
            message: &format!("{} {}", self.numbers.message, self.last),
            timestamp: timestamp.as_secs_f64(),
        };
        Message::new().id(self.last).json(&numeral).end()
    }

    fn close(&mut self) -> Vec<u8> {
        self.stage = Stage::Over;
        let done = json!({
            "connection_id": self.connection_id,
            "total": self.numbers.count,
            "total_events": self.last - self.numbers.after,
            "duration": self.opened.elapsed().as_secs_f64(),
        });
        Message::new().event("done").json(&done).end()
    }
}

impl Source for Numbered {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>> {
        let bytes = match self.stage {
            Stage::Opening => self.open(),
            Stage::Counting if self.last == self.numbers.count => self.close(),
            Stage::Counting => {
                ready!(self.pause.poll_tick(context));
                self.count()
            }
            Stage::Over => return Poll::Ready(None),
        };
        Poll::Ready(Some(Ok(bytes.into())))
    }

    fn cursor(&self) -> u64 {
        self.last
    }
}
