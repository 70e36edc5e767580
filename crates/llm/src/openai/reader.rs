use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use sse_stream::SseByteStream;
use tokio::task::unconstrained;

use super::body::Body;
use super::chunk::Chunk;
use crate::{Delta, Error, ErrorKind, Finish, Tokens};

/// Reads an answer's chunks as deltas.
pub(super) struct Reader {
    events: SseByteStream<BoxStream<'static, Result<Bytes, Error>>>,
    ready: VecDeque<Delta>,
    /// Kept until the end, as is the usage: some endpoints send text beside or after it.
    finish: Option<Finish>,
    usage: Option<Tokens>,
    ended: bool,
}

impl Reader {
    pub(super) fn new(body: Body) -> Self {
        Self {
            events: SseByteStream::new(body.pieces().boxed()),
            ready: VecDeque::new(),
            finish: None,
            usage: None,
            ended: false,
        }
    }

    /// Reads the data of one event.
    fn read(&mut self, data: &str) -> Result<(), Error> {
        if data.trim() == "[DONE]" {
            self.finish.get_or_insert(Finish::Stop);
            self.ended = true;
            return self.end(None);
        }
        let broken = |_| Error::new(ErrorKind::Broken, "a chunk is not JSON");
        self.take(&Chunk::new(serde_json::from_str(data).map_err(broken)?))
    }

    fn take(&mut self, chunk: &Chunk) -> Result<(), Error> {
        if let Some(refusal) = chunk.error() {
            return Err(refusal.into());
        }
        self.ready.extend(chunk.reasoning().map(Delta::Reasoning));
        self.ready.extend(chunk.text().map(Delta::Text));
        self.finish = chunk.finish().or(self.finish.take());
        self.usage = chunk.usage().or(self.usage);
        Ok(())
    }

    /// The answer is over, by itself or by a failure of the connection.
    fn end(&mut self, failure: Option<Error>) -> Result<(), Error> {
        let Some(finish) = self.finish.take() else {
            let broken = || Error::new(ErrorKind::Broken, "the answer broke off");
            return Err(failure.unwrap_or_else(broken));
        };
        self.ready.push_back(Delta::Finish(finish));
        self.ready.extend(self.usage.take().map(Delta::Usage));
        Ok(())
    }

    fn fail(&mut self, error: Error) -> Poll<Option<Result<Delta, Error>>> {
        self.ended = true;
        Poll::Ready(Some(Err(error)))
    }
}

impl Stream for Reader {
    type Item = Result<Delta, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(delta) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(delta)));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            // Without tokio's budget: pending is to mean that there is nothing to read.
            let mut next = std::pin::pin!(unconstrained(self.events.next()));
            let read = match ready!(next.as_mut().poll(context)) {
                Some(Ok(event)) => event.data.map_or(Ok(()), |data| self.read(&data)),
                Some(Err(error)) => {
                    self.ended = true;
                    self.end(cause(error))
                }
                None => {
                    self.ended = true;
                    self.end(None)
                }
            };
            if let Err(error) = read {
                return self.fail(error);
            }
        }
    }
}

/// Why the bytes came to an end, as the body says.
fn cause(error: sse_stream::Error) -> Option<Error> {
    let sse_stream::Error::Body(source) = error else { return None };
    source.downcast().ok().map(|error| *error)
}
