use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;
use tokio::task::unconstrained;

use super::refusal::Refusal;
use crate::{Delta, Error};

/// Decodes what a provider sends.
pub(crate) trait Decoder: Send + Unpin {
    /// Reads on by one event or line.
    fn poll_decode(
        &mut self,
        deltas: &mut VecDeque<Delta>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Progress, Refusal>>;
}

/// Whether there is more to decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    More,
    End,
}

/// The deltas of an answer. What was decoded before a failure comes before it.
pub(crate) struct Deltas<D> {
    decoder: D,
    ready: VecDeque<Delta>,
    failure: Option<Refusal>,
    has_ended: bool,
}

impl<D: Decoder> Deltas<D> {
    pub(crate) fn new(decoder: D) -> Self {
        Self { decoder, ready: VecDeque::new(), failure: None, has_ended: false }
    }

    /// Waits until the model writes or thinks something, or is done: up to then a refusal is one.
    pub(crate) async fn begin(&mut self) -> Result<(), Refusal> {
        std::future::poll_fn(|context| self.poll_ready(context)).await
    }

    /// Reads on until there is a delta, or none will come.
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        while self.ready.is_empty() && !self.has_ended {
            match ready!(self.decoder.poll_decode(&mut self.ready, context)) {
                Ok(progress) => self.has_ended = progress == Progress::End,
                Err(refusal) => {
                    self.has_ended = true;
                    self.failure = Some(refusal);
                }
            }
        }
        Poll::Ready(match self.failure.take() {
            Some(refusal) if self.ready.is_empty() => Err(refusal),
            failure => {
                self.failure = failure;
                Ok(())
            }
        })
    }
}

impl<D: Decoder> Stream for Deltas<D> {
    type Item = Result<Delta, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // Without tokio's budget: pending is to mean that there is nothing to read.
        let read = {
            let poll = std::future::poll_fn(|context| self.poll_ready(context));
            let mut poll = std::pin::pin!(unconstrained(poll));
            ready!(poll.as_mut().poll(context))
        };
        Poll::Ready(match read {
            Ok(()) => self.ready.pop_front().map(Ok),
            Err(refusal) => Some(Err(refusal.into())),
        })
    }
}
