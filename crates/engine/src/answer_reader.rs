use std::{
    future::poll_fn,
    task::{Context, Poll},
    time::Duration,
};

use futures::StreamExt;
use llm::Answer;
use tokio::time::timeout;

use crate::{
    answer_state::AnswerState,
    recorder::Recorder,
    stop::{StopReason, StopSignal},
};

/// How long a model may take to stop after the document is whole: its usage is still to come.
const USAGE_DEADLINE: Duration = Duration::from_secs(10);

/// Deltas that are read at once at most before other tasks have their turn.
const BURST: u32 = 256;

/// Events that may wait while others are being committed.
const READ_AHEAD: usize = 256;

/// Reads an answer: composes what arrives, and records it as soon as no other commit is under way.
/// Dropping it closes the connection to the provider.
pub(crate) struct AnswerReader<'a> {
    pub(crate) answer: Answer,
    pub(crate) state: &'a mut AnswerState,
    pub(crate) recorder: &'a mut Recorder,
    pub(crate) stop: &'a StopSignal,
}

/// Why an answer is not read any further.
pub(crate) enum End {
    /// The model stopped writing.
    Finished,
    /// Somebody asked for it.
    Stopped(StopReason),
    /// The provider failed.
    Failed(llm::Error),
    /// The server was killed while it was written, and it could not be continued.
    Interrupted,
}

/// How far an answer is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    DocumentIsWhole,
    /// Something behind the document makes it uncertain that it is whole.
    MoreFollows,
}

impl AnswerReader<'_> {
    /// Reads the answer to its end, unless it is stopped.
    ///
    /// # Errors
    /// When the store refuses events.
    pub(crate) async fn read(mut self) -> Result<End, store::Error> {
        loop {
            if let Some(end) = self.read_until(Until::DocumentIsWhole).await? {
                return Ok(end);
            }
            let rest = timeout(USAGE_DEADLINE, self.read_until(Until::MoreFollows)).await;
            let Ok(end) = rest else { return Ok(End::Finished) };
            if let Some(end) = end? {
                return Ok(end);
            }
        }
    }

    /// Why the answer has ended; none when it was read as far as asked for.
    async fn read_until(&mut self, until: Until) -> Result<Option<End>, store::Error> {
        poll_fn(|context| {
            let read = self.poll_read_until(until, context);
            if read.is_ready() {
                return read;
            }
            self.stop.poll_requested(context).map(|reason| Ok(Some(End::Stopped(reason))))
        })
        .await
    }

    fn poll_read_until(
        &mut self,
        until: Until,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<End>, store::Error>> {
        let mut burst = BURST;
        loop {
            let before = burst;
            let end = self.poll_round(&mut burst, context)?;
            let is_whole = self.state.composer.is_whole();
            if end.is_some() || is_whole == (until == Until::DocumentIsWhole) {
                return Poll::Ready(Ok(end));
            }
            // The next round records what this one has read. There is time to look for more before
            // that: its commit is under way.
            if burst == before {
                return Poll::Pending;
            }
            if burst == 0 {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
    }

    /// Begins to record what was read, unless a commit is under way, and reads what is there.
    fn poll_round(
        &mut self,
        burst: &mut u32,
        context: &mut Context<'_>,
    ) -> Result<Option<End>, store::Error> {
        let events = &mut self.state.composer.buffer().events;
        while !events.is_empty()
            && let Poll::Ready(recorded) = self.recorder.poll_record(events, context)
        {
            recorded?;
        }
        if events.len() >= READ_AHEAD {
            return Ok(None);
        }
        self.state.composer.buffer().close();
        let end = self.read_ready(burst, context);
        self.state.note_first_text();
        Ok(end)
    }

    /// Reads the deltas that are there, up to so many; says why when the answer has ended.
    fn read_ready(&mut self, burst: &mut u32, context: &mut Context<'_>) -> Option<End> {
        while *burst > 0 {
            match self.answer.poll_next_unpin(context) {
                Poll::Pending => return None,
                Poll::Ready(Some(Ok(delta))) => {
                    *burst -= 1;
                    if !self.state.apply(delta) {
                        return Some(End::Finished);
                    }
                }
                // A document that is whole stays so, unless it is of a part of the text alone.
                Poll::Ready(Some(Err(error)))
                    if !self.state.composer.is_whole() || error.kind == llm::ErrorKind::TooLong =>
                {
                    return Some(End::Failed(error));
                }
                Poll::Ready(_) => return Some(End::Finished),
            }
        }
        None
    }
}
