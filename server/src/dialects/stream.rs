use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use engine::StoreError;
use http::header;
use http_body::Frame;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::{closing::Begun, connections::Connection};

/// A comment line: keeps a silent connection open and means nothing.
const HEARTBEAT: &[u8] = b":\n\n";

/// What is told over one connection, whatever it is.
pub(crate) trait Source: Send + Unpin + 'static {
    /// The next whole events; `None` ends the response, and an error breaks it off.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>>;

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
    pub(crate) closing: Option<Begun>,
}

impl Line {
    /// Answers with what `source` gives.
    pub(crate) fn respond(self, source: impl Source) -> Response {
        let telling = Telling {
            retry_ms: self.retry_ms,
            connection: self.connection,
            source,
            beat: self.heartbeat.map(Beat::new),
            closing: self.closing,
            opened: false,
        };
        (HEADERS, Body::new(telling)).into_response()
    }
}

/// What every event stream says of itself.
pub(crate) const HEADERS: [(header::HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, protocol::MEDIA_TYPE),
    (header::CACHE_CONTROL, "no-cache, no-transform"),
    (header::HeaderName::from_static("x-accel-buffering"), "no"),
];

/// A line that is open.
struct Telling<S> {
    retry_ms: u64,
    connection: Connection,
    source: S,
    beat: Option<Beat>,
    closing: Option<Begun>,
    opened: bool,
}

impl<S: Source> Telling<S> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>> {
        if !self.opened {
            return Poll::Ready(Some(Ok(self.open())));
        }
        if let Poll::Ready(bytes) = self.source.poll_next(context) {
            self.connection.sent(self.source.cursor());
            self.beat.iter_mut().for_each(Beat::spoken);
            return Poll::Ready(bytes);
        }
        if let Some(closing) = &mut self.closing
            && Pin::new(closing).poll(context).is_ready()
        {
            return Poll::Ready(None);
        }
        let Some(beat) = &mut self.beat else { return Poll::Pending };
        beat.poll_due(context).map(|()| Some(Ok(Bytes::from_static(HEARTBEAT))))
    }

    /// The head of the first frame. It leaves with the response's head, before there is an event.
    fn open(&mut self) -> Bytes {
        self.opened = true;
        format!("retry: {}\n", self.retry_ms).into()
    }
}

impl<S: Source> http_body::Body for Telling<S> {
    type Data = Bytes;
    type Error = StoreError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StoreError>>> {
        self.poll_next(context).map(|next| next.map(|bytes| bytes.map(Frame::data)))
    }
}

/// When a silent stream is to show that it lives. One timer a connection, which is looked at when
/// it fires: what was sent since only moves it then.
struct Beat {
    interval: Duration,
    timer: Pin<Box<Sleep>>,
    /// When the timer fires,
    due: Instant,
    /// and whom it wakes then; nobody before it was asked.
    waker: Option<Waker>,
    spoken: Instant,
    /// That was a moment ago.
    has_just_spoken: bool,
}

impl Beat {
    fn new(interval: Duration) -> Self {
        let now = Instant::now();
        let due = now + interval;
        let timer = Box::pin(sleep_until(due));
        Self { interval, timer, due, waker: None, spoken: now, has_just_spoken: false }
    }

    fn spoken(&mut self) {
        self.has_just_spoken = true;
    }

    /// Waits until nothing has been sent for the interval.
    fn poll_due(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if mem::take(&mut self.has_just_spoken) {
            self.spoken = Instant::now();
            let waker = self.waker.as_ref();
            let will_wake = waker.is_some_and(|waker| waker.will_wake(context.waker()));
            // The timer lies elsewhere in memory: it is not looked at for each event.
            if will_wake && self.spoken < self.due {
                return Poll::Pending;
            }
        }
        self.waker = Some(context.waker().clone());
        loop {
            ready!(self.timer.as_mut().poll(context));
            let now = Instant::now();
            let is_silent = now >= self.spoken + self.interval;
            if is_silent {
                self.spoken = now;
                self.waker = None;
            }
            self.due = self.spoken + self.interval;
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
        let mut beat = Beat::new(INTERVAL);
        assert!(beat.poll_due(&mut context).is_pending());
        for _ in 0..10 {
            advance(INTERVAL - Duration::from_secs(1)).await;
            assert!(beat.poll_due(&mut context).is_pending(), "woken by another");
            beat.spoken();
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
        let mut beat = Beat::new(INTERVAL);
        assert!(beat.poll_due(&mut context).is_pending());
        advance(Duration::from_secs(10)).await;
        beat.spoken();
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
        let mut beat = Beat::new(INTERVAL);
        assert!(beat.poll_due(&mut context).is_pending());
        for round in 0..6 {
            // What is said comes just after the beat, a while later, or with the next beat.
            for pause in [0, 1, 16][..round % 4].iter().map(|pause| Duration::from_secs(*pause)) {
                advance(pause).await;
                beat.spoken();
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
