use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use tokio::time::timeout;

use crate::{Error, ErrorKind};

/// What one answer may bring, in bytes: enough for a book with each character in a frame of its
/// own.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The bytes of one answer, as a parser of event streams wants them: valid UTF-8, with an end
/// after the last event.
pub(super) struct Body {
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    silence: Duration,
    received: usize,
    /// The beginning of a character whose rest has not come yet.
    unfinished: BytesMut,
    ended: bool,
}

impl Body {
    pub(super) fn new(response: reqwest::Response, silence: Duration) -> Self {
        let bytes = response.bytes_stream().boxed();
        Self { bytes, silence, received: 0, unfinished: BytesMut::new(), ended: false }
    }

    /// Its pieces. Fails when the endpoint is silent for too long, sends too much or breaks off.
    pub(super) fn pieces(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        futures::stream::try_unfold(self, |mut body| async move {
            Ok(body.next().await?.map(|piece| (piece, body)))
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        if self.ended {
            return Ok(None);
        }
        let Ok(read) = timeout(self.silence, self.bytes.next()).await else {
            let detail = format!("silent for {:?} within its answer", self.silence);
            return Err(Error::new(ErrorKind::Silent, detail));
        };
        let Some(read) = read else {
            self.ended = true;
            // Some endpoints leave out the blank line after their last event.
            return Ok(Some(Bytes::from_static(b"\n\n")));
        };
        let bytes = read.map_err(|_| Error::new(ErrorKind::Broken, "the connection broke off"))?;
        self.received = self.received.saturating_add(bytes.len());
        if self.received > MAX_BYTES {
            return Err(Error::new(ErrorKind::Broken, "the answer is too large"));
        }
        Ok(Some(self.repair(bytes)))
    }

    /// Replaces what is no UTF-8, as an event stream is to be decoded (WHATWG HTML, 9.2.6). A
    /// character that is cut waits for its rest.
    fn repair(&mut self, bytes: Bytes) -> Bytes {
        if self.unfinished.is_empty() && std::str::from_utf8(&bytes).is_ok() {
            return bytes;
        }
        self.unfinished.extend_from_slice(&bytes);
        let bytes = self.unfinished.split();
        let mut repaired = String::with_capacity(bytes.len());
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            repaired.push_str(chunk.valid());
            if chunks.peek().is_none() && is_cut(chunk.invalid()) {
                self.unfinished.extend_from_slice(chunk.invalid());
            } else if !chunk.invalid().is_empty() {
                repaired.push(char::REPLACEMENT_CHARACTER);
            }
        }
        repaired.into()
    }
}

/// Whether it is the beginning of a character.
fn is_cut(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
