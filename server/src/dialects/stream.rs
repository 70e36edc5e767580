use std::{convert::Infallible, pin::Pin, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use engine::Follow;
use futures::stream;
use http::header;
use tokio::time::{Instant, Sleep, sleep_until};

use super::Dialect;

/// A comment line: keeps a silent connection open and means nothing.
const HEARTBEAT: &[u8] = b":\n\n";

/// Answers with what `follow` gives, in `dialect`, until the terminal event.
pub(crate) fn respond(follow: Follow, dialect: impl Dialect, heartbeat: Duration) -> Response {
    let telling = Telling {
        follow,
        dialect,
        heartbeat,
        opened: false,
        due: Box::pin(sleep_until(Instant::now() + heartbeat)),
        last_sent: Instant::now(),
    };
    let body = stream::unfold(telling, |mut telling| async move {
        let bytes = telling.next().await?;
        Some((Ok::<_, Infallible>(bytes), telling))
    });
    let headers = [
        (header::CONTENT_TYPE, protocol::MEDIA_TYPE),
        (header::CACHE_CONTROL, "no-cache, no-transform"),
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(body)).into_response()
}

/// One connection's stream.
struct Telling<D> {
    follow: Follow,
    dialect: D,
    heartbeat: Duration,
    opened: bool,
    /// Looked at when it fires; what was sent since only moves it then.
    due: Pin<Box<Sleep>>,
    last_sent: Instant,
}

impl<D: Dialect> Telling<D> {
    async fn next(&mut self) -> Option<Bytes> {
        if !self.opened {
            self.opened = true;
            return Some(format!("retry: {}\n", protocol::RETRY_MS).into());
        }
        loop {
            tokio::select! {
                biased;
                batch = self.follow.next() => {
                    let bytes = match batch {
                        Ok(batch) => self.dialect.encode(batch?),
                        Err(error) => {
                            tracing::error!(%error, "a log could not be read on");
                            return None;
                        }
                    };
                    if !bytes.is_empty() {
                        self.last_sent = Instant::now();
                        return Some(bytes);
                    }
                }
                () = self.due.as_mut() => {
                    if let Some(beat) = self.beat() {
                        return Some(beat);
                    }
                }
            }
        }
    }

    /// The heartbeat, when it is due; sets the time of the next look.
    fn beat(&mut self) -> Option<Bytes> {
        let now = Instant::now();
        let is_due = now >= self.last_sent + self.heartbeat;
        if is_due {
            self.last_sent = now;
        }
        self.due.as_mut().reset(self.last_sent + self.heartbeat);
        is_due.then(|| Bytes::from_static(HEARTBEAT))
    }
}
