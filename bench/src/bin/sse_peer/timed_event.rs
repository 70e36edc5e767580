use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

/// What is asked for: so many events, so far apart.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// Events.
    pub(crate) n: u32,
    /// Milliseconds before each event but the first.
    ms: u64,
    /// Lets others run before each event, so that each is a write of its own.
    y: bool,
}

/// An event as all peers send it.
#[derive(Serialize)]
pub(crate) struct TimedEvent {
    i: u32,
    t: i64,
    op: &'static str,
    v: &'static str,
}

impl Asked {
    pub(crate) fn parse(query: Option<&str>) -> Self {
        let mut asked = Self { n: 200, ms: 0, y: false };
        for (name, value) in query.unwrap_or_default().split('&').filter_map(|p| p.split_once('='))
        {
            match name {
                "n" => asked.n = value.parse().unwrap_or(asked.n),
                "ms" => asked.ms = value.parse().unwrap_or(asked.ms),
                "y" => asked.y = value == "1",
                _ => {}
            }
        }
        asked
    }

    /// Waits until event `i` is due.
    pub(crate) async fn due(self, i: u32) {
        if self.ms > 0 && i > 0 {
            tokio::time::sleep(Duration::from_millis(self.ms)).await;
        } else if self.y {
            tokio::task::yield_now().await;
        }
    }
}

impl TimedEvent {
    pub(crate) fn now(i: u32) -> Self {
        let now = clock_gettime(ClockId::Monotonic);
        Self { i, t: now.tv_sec * 1_000_000_000 + now.tv_nsec, op: "append", v: "流式 tok" }
    }

    /// Written by hand, as one does without a framework.
    pub(crate) fn frame(&self) -> Vec<u8> {
        let mut frame = Vec::with_capacity(96);
        frame.extend_from_slice(b"data: ");
        // Writing plain data to memory cannot fail.
        let _ = serde_json::to_writer(&mut frame, self);
        frame.extend_from_slice(b"\n\n");
        frame
    }
}
