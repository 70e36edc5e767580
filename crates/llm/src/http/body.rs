use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use http::header::CONTENT_ENCODING;
use tokio::time::timeout;

use super::Timeouts;
use super::inflate::Inflate;
use crate::{Error, ErrorKind};

/// What one answer may bring, in bytes: enough for a book with each character in a frame of its
/// own.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How long one waits for the next byte of an answer: it depends on whether anything was written.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    timeouts: Timeouts,
    has_begun: Arc<AtomicBool>,
}

impl Patience {
    pub(crate) fn new(timeouts: Timeouts) -> Self {
        Self { timeouts, has_begun: Arc::default() }
    }

    /// The model has begun to write.
    pub(crate) fn begin(&self) {
        self.has_begun.store(true, Ordering::Relaxed);
    }

    /// What comes of a wait, unless it takes too long.
    pub(crate) async fn wait<T>(&self, wait: impl Future<Output = T>) -> Result<T, Error> {
        let has_begun = self.has_begun.load(Ordering::Relaxed);
        let (longest, place) = if has_begun {
            (self.timeouts.silence, "within")
        } else {
            (self.timeouts.first_byte, "before")
        };
        timeout(longest, wait).await.map_err(|_| {
            Error::new(ErrorKind::Silent, format!("silent for {longest:?} {place} its answer"))
        })
    }
}

/// The bytes of one answer, decompressed where they are compressed.
pub(crate) struct Body {
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    patience: Patience,
    inflate: Inflate,
    received: usize,
    ended: bool,
}

impl Body {
    pub(crate) fn new(response: reqwest::Response, patience: Patience) -> Self {
        let encoding = response.headers().get(CONTENT_ENCODING);
        let inflate = Inflate::new(encoding.map(http::HeaderValue::as_bytes).unwrap_or_default());
        let bytes = response.bytes_stream().boxed();
        Self { bytes, patience, inflate, received: 0, ended: false }
    }

    /// Its pieces. Fails when the endpoint is silent for too long, sends too much or breaks off.
    pub(crate) fn pieces(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        futures::stream::try_unfold(self, |mut body| async move {
            Ok(body.next().await?.map(|piece| (piece, body)))
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        if self.ended {
            return Ok(None);
        }
        let read = self.patience.wait(self.bytes.next()).await?;
        let Some(read) = read else {
            self.ended = true;
            return self.inflate.end().map(Some);
        };
        let bytes = read.map_err(|_| Error::new(ErrorKind::Broken, "the connection broke off"))?;
        let bytes = self.inflate.read(bytes)?;
        self.received = self.received.saturating_add(bytes.len());
        if self.received > MAX_BYTES {
            return Err(Error::new(ErrorKind::Broken, "the answer is too large"));
        }
        Ok(Some(bytes))
    }
}
