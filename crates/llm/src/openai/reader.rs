use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use async_openai::error::OpenAIError;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use serde_json::Value;
use tokio::task::unconstrained;

use super::chunk::Chunk;
use super::flow::Flow;
use crate::{Delta, Error, ErrorKind, Finish, Tokens};

/// Reads an answer's chunks as deltas.
pub(super) struct Reader {
    chunks: BoxStream<'static, Result<Value, OpenAIError>>,
    flow: Arc<Flow>,
    ready: VecDeque<Delta>,
    /// Kept until the end, as is the usage: some endpoints send text beside or after it.
    finish: Option<Finish>,
    usage: Option<Tokens>,
    ended: bool,
}

impl Reader {
    pub(super) fn new(
        chunks: Pin<Box<dyn Stream<Item = Result<Value, OpenAIError>> + Send>>,
        flow: Arc<Flow>,
    ) -> Self {
        Self { chunks, flow, ready: VecDeque::new(), finish: None, usage: None, ended: false }
    }

    fn read(&mut self, chunk: &Chunk) -> Result<(), Error> {
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
    fn end(&mut self) -> Result<(), Error> {
        let finish = self.finish.take();
        let done = self.flow.is_done().then_some(Finish::Stop);
        let Some(finish) = finish.or(done) else {
            let broken = || Error::new(ErrorKind::Broken, "the answer broke off");
            return Err(self.flow.fault().unwrap_or_else(broken));
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
            let mut next = std::pin::pin!(unconstrained(self.chunks.next()));
            let polled = next.as_mut().poll(context);
            if polled.is_pending() {
                self.flow.catch_up(context);
            }
            let read = match ready!(polled) {
                Some(Ok(chunk)) => self.read(&Chunk::new(chunk)),
                Some(Err(OpenAIError::JSONDeserialize(..))) => {
                    Err(Error::new(ErrorKind::Broken, "a chunk is not JSON"))
                }
                Some(Err(_)) | None => {
                    self.ended = true;
                    self.end()
                }
            };
            if let Err(error) = read {
                return self.fail(error);
            }
        }
    }
}
