use std::{convert::Infallible, pin::Pin, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::stream;
use http::header;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::connections::Connection;

/// A comment line: keeps a silent connection open and means nothing.
const HEARTBEAT: &[u8] = b":\n\n";

/// What is told over one connection, whatever it is.
pub(crate) trait Source: Send + 'static {
    /// The next whole events; `None` ends the response. May be dropped while it waits.
    fn next(&mut self) -> impl Future<Output = Option<Bytes>> + Send;

    /// Id of the last event that was given out.
    fn cursor(&self) -> u64;
}

/// One connection's stream: opening, events, heartbeats, end.
pub(crate) struct Line {
    /// What `retry:` tells the client.
    pub(crate) retry_ms: u64,
    /// Silence after which a comment is sent; none, no comments.
    pub(crate) heartbeat: Option<Duration>,
    /// Its place in the list of open streams.
    pub(crate) connection: Connection,
    /// Ends the stream although its source goes on; none, it ends by itself.
    pub(crate) closing: Option<CancellationToken>,
}

impl Line {
    /// Answers with what `source` gives.
    pub(crate) fn respond(self, source: impl Source) -> Response {
        let beat = self.heartbeat.map(Beat::new);
        let telling = Telling { line: self, source, beat, opened: false };
        let body = stream::unfold(telling, |mut telling| async move {
            let bytes = telling.next().await?;
            Some((Ok::<_, Infallible>(bytes), telling))
        });
        (HEADERS, Body::from_stream(body)).into_response()
    }
}

/// What every event stream says of itself.
pub(crate) const HEADERS: [(header::HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, protocol::MEDIA_TYPE),
    (header::CACHE_CONTROL, "no-cache, no-transform"),
    (header::HeaderName::from_static("x-accel-buffering"), "no"),
];

struct Telling<S> {
    line: Line,
    source: S,
    beat: Option<Beat>,
    opened: bool,
}

impl<S: Source> Telling<S> {
    async fn next(&mut self) -> Option<Bytes> {
        if !self.opened {
            return Some(self.open());
        }
        let beat = async {
            match &mut self.beat {
                Some(beat) => beat.due().await,
                None => std::future::pending().await,
            }
        };
        let closing = async {
            match &self.line.closing {
                Some(closing) => closing.cancelled().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            bytes = self.source.next() => {
                let bytes = bytes?;
                self.line.connection.sent(self.source.cursor());
                if let Some(beat) = &mut self.beat {
                    beat.spoken();
                }
                Some(bytes)
            }
            () = closing => None,
            () = beat => Some(Bytes::from_static(HEARTBEAT)),
        }
    }

    /// The head of the first frame. It leaves with the response's head, before there is an event.
    fn open(&mut self) -> Bytes {
        self.opened = true;
        format!("retry: {}\n", self.line.retry_ms).into()
    }
}

/// When a silent stream is to show that it lives. One timer a connection, which is looked at when
/// it fires: what was sent since only moves it then.
struct Beat {
    interval: Duration,
    timer: Pin<Box<Sleep>>,
    spoken: Instant,
}

impl Beat {
    fn new(interval: Duration) -> Self {
        let now = Instant::now();
        Self { interval, timer: Box::pin(sleep_until(now + interval)), spoken: now }
    }

    fn spoken(&mut self) {
        self.spoken = Instant::now();
    }

    /// Waits until nothing has been sent for the interval.
    async fn due(&mut self) {
        loop {
            self.timer.as_mut().await;
            let now = Instant::now();
            let is_silent = now >= self.spoken + self.interval;
            if is_silent {
                self.spoken = now;
            }
            self.timer.as_mut().reset(self.spoken + self.interval);
            if is_silent {
                return;
            }
        }
    }
}
