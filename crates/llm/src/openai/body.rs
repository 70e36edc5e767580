use std::borrow::Cow;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use memchr::memchr2;
use tokio::time::timeout;

use super::flow::Flow;
use crate::{Error, ErrorKind};

/// What one answer may bring, in bytes: enough for a book with each character in a frame of its
/// own.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The body of one answer, line by line: a parser that looks at its whole buffer again for each
/// read, as the one behind async-openai does, then costs no more than the text is long.
pub(super) struct Body {
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    flow: Arc<Flow>,
    silence: Duration,
    received: usize,
    /// What was received and not yet handed on.
    held: BytesMut,
    /// How much of it is known to hold no end of line.
    searched: usize,
    first: bool,
    ended: bool,
}

impl Body {
    pub(super) fn new(response: reqwest::Response, silence: Duration, flow: Arc<Flow>) -> Self {
        Self {
            bytes: response.bytes_stream().boxed(),
            flow,
            silence,
            received: 0,
            held: BytesMut::new(),
            searched: 0,
            first: true,
            ended: false,
        }
    }

    /// Its lines, the last one perhaps unfinished.
    pub(super) fn lines(self) -> impl Stream<Item = io::Result<Bytes>> + Send {
        futures::stream::try_unfold(self, |mut body| async move {
            let line = body.next().await.map_err(|error| {
                body.flow.fail(error);
                io::Error::other("the answer failed")
            })?;
            Ok(line.map(|line| (line, body)))
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| self.flow.poll_room(context)).await;
        loop {
            if let Some(line) = self.line() {
                return Ok(Some(self.hand_on(line)));
            }
            if self.ended {
                return Ok(None);
            }
            self.receive().await?;
        }
    }

    async fn receive(&mut self) -> Result<(), Error> {
        let Ok(read) = timeout(self.silence, self.bytes.next()).await else {
            let detail = format!("silent for {:?} within its answer", self.silence);
            return Err(Error::new(ErrorKind::Silent, detail));
        };
        let Some(read) = read else {
            self.ended = true;
            return Ok(());
        };
        let bytes = read.map_err(|_| Error::new(ErrorKind::Broken, "the connection broke off"))?;
        self.received = self.received.saturating_add(bytes.len());
        if self.received > MAX_BYTES {
            return Err(Error::new(ErrorKind::Broken, "the answer is too large"));
        }
        self.held.extend_from_slice(&bytes);
        Ok(())
    }

    /// Takes the next line with its end, LF, CR or both; at the end of the body, what is left.
    fn line(&mut self) -> Option<BytesMut> {
        let rest = self.held.get(self.searched..).unwrap_or_default();
        let end = match memchr2(b'\n', b'\r', rest) {
            Some(at) => {
                let crlf = rest.get(at..).is_some_and(|end| end.starts_with(b"\r\n"));
                self.searched + at + if crlf { 2 } else { 1 }
            }
            None if self.ended && !self.held.is_empty() => self.held.len(),
            None => {
                self.searched = self.held.len();
                return None;
            }
        };
        self.searched = 0;
        Some(self.held.split_to(end))
    }

    fn hand_on(&mut self, mut line: BytesMut) -> Bytes {
        // The parser behind async-openai cannot bear a byte order mark.
        if std::mem::take(&mut self.first) && line.starts_with(b"\xEF\xBB\xBF") {
            let _ = line.split_to(3);
        }
        if line.strip_prefix(b"data:").is_some_and(|data| data.trim_ascii() == b"[DONE]") {
            self.flow.set_done();
        }
        self.flow.hand_on(line.len());
        match String::from_utf8_lossy(&line) {
            // As an event stream is to be decoded; the parser would wait for the rest of the character.
            Cow::Owned(repaired) => Bytes::from(repaired),
            Cow::Borrowed(_) => line.freeze(),
        }
    }
}
