use std::{
    future::poll_fn,
    task::{Context, Poll},
    time::Duration,
};

use futures::StreamExt;
use llm::Answer;
use tokio::time::timeout;

use crate::{
    heard::Heard,
    recorder::Recorder,
    stop::{Reason, Stop},
};

/// How long a model may go on after the document is whole: usage is still to come.
const AFTERWORD: Duration = Duration::from_secs(10);

/// Deltas that are taken at once at most before they are recorded.
const BURST: u32 = 256;

/// Events that may wait while others are being committed.
const AHEAD: usize = 256;

/// An answer that is being heard: what comes is composed, and recorded as soon as nothing else is
/// being committed. Dropping it closes the connection to the provider.
pub(crate) struct Hearing<'a> {
    pub(crate) answer: Answer,
    pub(crate) heard: &'a mut Heard,
    pub(crate) recorder: &'a mut Recorder,
    pub(crate) stop: &'a Stop,
}

/// Why an answer is not waited for any longer.
pub(crate) enum End {
    /// The model stopped.
    Finished,
    /// It is to end.
    Stopped(Reason),
    /// The provider failed.
    Failed(llm::Error),
}

/// How far an answer is heard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// Until the document is whole.
    Whole,
    /// To the end.
    End,
}

impl Hearing<'_> {
    /// Hears the answer to its end, unless it is stopped. Fails when the store refuses events.
    pub(crate) async fn listen(mut self) -> Result<End, store::Error> {
        if let Some(end) = self.hear(Until::Whole).await? {
            return Ok(end);
        }
        let afterword = timeout(AFTERWORD, self.hear(Until::End));
        let end = afterword.await.unwrap_or(Ok(None))?;
        Ok(end.unwrap_or(End::Finished))
    }

    /// Takes what comes, until the answer has ended: why it has. None when it was heard as far as
    /// it was to be.
    async fn hear(&mut self, until: Until) -> Result<Option<End>, store::Error> {
        poll_fn(|context| {
            let heard = self.poll_hear(until, context);
            if heard.is_ready() {
                return heard;
            }
            self.stop.poll_wished(context).map(|reason| Ok(Some(End::Stopped(reason))))
        })
        .await
    }

    fn poll_hear(
        &mut self,
        until: Until,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<End>, store::Error>> {
        let mut burst = BURST;
        loop {
            let before = burst;
            let end = self.hear_some(&mut burst, context)?;
            if end.is_some() || until == Until::Whole && self.heard.composer.is_whole() {
                return Poll::Ready(Ok(end));
            }
            // What was taken is recorded the next time round. Whoever gave it may have more by
            // then, and there is time to ask: its commit is under way.
            if burst == before {
                return Poll::Pending;
            }
            if burst == 0 {
                // Others have their turn first.
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
    }

    /// Begins to record what was taken, unless a commit is under way, and takes what is there.
    fn hear_some(
        &mut self,
        burst: &mut u32,
        context: &mut Context<'_>,
    ) -> Result<Option<End>, store::Error> {
        let events = self.heard.composer.events();
        while !events.is_empty()
            && let Poll::Ready(recorded) = self.recorder.poll_record(events, context)
        {
            recorded?;
        }
        if events.len() >= AHEAD {
            return Ok(None);
        }
        self.heard.composer.close();
        let end = self.take_ready(burst, context);
        self.heard.note_text();
        Ok(end)
    }

    /// Takes what is there at once, up to so many deltas; tells when the answer has ended.
    fn take_ready(&mut self, burst: &mut u32, context: &mut Context<'_>) -> Option<End> {
        while *burst > 0 {
            match self.answer.poll_next_unpin(context) {
                Poll::Pending => return None,
                Poll::Ready(Some(Ok(delta))) => {
                    *burst -= 1;
                    if !self.heard.hear(delta) {
                        return Some(End::Finished);
                    }
                }
                Poll::Ready(Some(Err(error))) if !self.heard.composer.is_whole() => {
                    return Some(End::Failed(error));
                }
                Poll::Ready(_) => return Some(End::Finished),
            }
        }
        None
    }
}
