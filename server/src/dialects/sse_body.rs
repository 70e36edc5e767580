use std::{
    pin::Pin,
    task::{Context, Poll},
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

use super::heartbeat::Heartbeat;
use crate::{connections::Connection, shutdown::ShutdownSignal};

/// A comment line. Clients ignore it, but it keeps proxies from closing a silent connection.
const COMMENT: &[u8] = b":\n\n";

/// Where the bytes of an event stream come from.
pub(crate) trait Source: Send + Unpin + 'static {
    /// The next whole events. `None` ends the response, and an error aborts it.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>>;

    /// Id of the last event that [`poll_next`](Self::poll_next) returned.
    fn cursor(&self) -> u64;
}

/// The options of a response that is an event stream.
pub(crate) struct SseResponse {
    /// How long the client is to wait before it reconnects (`retry:`).
    pub(crate) retry_ms: u64,
    /// Silence after which a comment is sent. With `None`, no comments are sent.
    pub(crate) heartbeat: Option<Duration>,
    /// The stream's entry in the list of open streams, which is removed with it.
    pub(crate) connection: Connection,
    /// Ends a stream whose source has no end. With `None`, the stream ends with its source.
    pub(crate) shutdown: Option<ShutdownSignal>,
}

impl SseResponse {
    /// Makes the response that streams `source`.
    pub(crate) fn send(self, source: impl Source) -> Response {
        let body = SseBody {
            retry_ms: self.retry_ms,
            connection: self.connection,
            source,
            heartbeat: self.heartbeat.map(Heartbeat::new),
            shutdown: self.shutdown,
            opened: false,
        };
        (HEADERS, Body::new(body)).into_response()
    }
}

/// The headers of every event stream.
pub(crate) const HEADERS: [(header::HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, protocol::MEDIA_TYPE),
    (header::CACHE_CONTROL, "no-cache, no-transform"),
    (header::HeaderName::from_static("x-accel-buffering"), "no"),
];

/// The body of an event stream: the `retry:` line, then events and heartbeats until the end.
struct SseBody<S> {
    retry_ms: u64,
    connection: Connection,
    source: S,
    heartbeat: Option<Heartbeat>,
    shutdown: Option<ShutdownSignal>,
    opened: bool,
}

impl<S: Source> SseBody<S> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>> {
        if !self.opened {
            return Poll::Ready(Some(Ok(self.open())));
        }
        if let Poll::Ready(bytes) = self.source.poll_next(context) {
            self.connection.sent(self.source.cursor());
            self.heartbeat.iter_mut().for_each(Heartbeat::sent);
            return Poll::Ready(bytes);
        }
        if let Some(shutdown) = &mut self.shutdown
            && Pin::new(shutdown).poll(context).is_ready()
        {
            return Poll::Ready(None);
        }
        let Some(heartbeat) = &mut self.heartbeat else { return Poll::Pending };
        heartbeat.poll_due(context).map(|()| Some(Ok(Bytes::from_static(COMMENT))))
    }

    /// The `retry:` line. It is sent together with the response's head, before the first event exists.
    fn open(&mut self) -> Bytes {
        self.opened = true;
        format!("retry: {}\n", self.retry_ms).into()
    }
}

impl<S: Source> http_body::Body for SseBody<S> {
    type Data = Bytes;
    type Error = StoreError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StoreError>>> {
        self.poll_next(context).map(|next| next.map(|bytes| bytes.map(Frame::data)))
    }
}
