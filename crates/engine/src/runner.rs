use std::{
    mem,
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures::{FutureExt, StreamExt, future::poll_fn};
use llm::{Answer, Finish, Provider};
use protocol::{Completed, Coverage, Event, Failure, NewGeneration, Progress, Shape, Timings};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::{failure, heard::Heard, live::Live, prompt, queue::Place, recorder::Recorder};

/// Longest that a generation may run.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// How long a model may go on after the document is whole: usage is still to come.
const AFTERWORD: Duration = Duration::from_secs(10);

/// Deltas that are taken at once at most before they are recorded.
const BURST: u32 = 256;

/// Events that may wait while others are being committed.
const AHEAD: usize = 256;

/// How often a terminal event is tried again while the store refuses it, once a second.
const ENDING_TRIES: u32 = 30;

/// One run of a provider.
pub(crate) struct Runner {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) generation: NewGeneration,
    pub(crate) shape: Shape,
    pub(crate) input_chars: u64,
    pub(crate) live: Arc<Live>,
    pub(crate) recorder: Recorder,
    /// Its place among those that run; given up when the run is over.
    pub(crate) place: Place,
    /// The server is closing down.
    pub(crate) interrupt: CancellationToken,
}

/// Why an answer is not waited for any longer.
enum End {
    /// The model stopped.
    Finished,
    /// Someone stopped it, or the server closes down.
    Stopped,
    /// It failed.
    Failed(Failure),
    /// The store refused events.
    Unrecorded,
}

/// How far an answer is heard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// Until the document is whole.
    Whole,
    /// To the end.
    End,
}

impl Runner {
    /// Runs to the terminal event, whatever happens.
    pub(crate) async fn run(mut self) {
        let ending = AssertUnwindSafe(self.answer()).catch_unwind().await;
        let (events, terminal) = ending.unwrap_or_else(|_| {
            tracing::error!("a generation panicked");
            (Vec::new(), Event::Failed(failure::internal()))
        });
        self.end(events, terminal).await;
    }

    /// Plays the provider's answer; gives the events that are not recorded yet and the last one.
    async fn answer(&mut self) -> (Vec<Event>, Event) {
        let mut heard = Heard::nothing(self.shape);
        if let Some(ending) = self.wait_for_turn().await {
            return (Vec::new(), ending);
        }
        let answer = self.provider.answer(prompt::request(&self.generation, self.shape));
        let mut end = self.listen(answer, &mut heard).await;
        if let Err(error) = self.recorder.settle().await {
            end = unrecorded(&error);
        }
        heard.composer.close();
        let verdict = match end {
            End::Finished => Some(heard.composer.judge(heard.finish.as_ref())),
            End::Failed(failure) => Some(Err(failure)),
            End::Stopped => None,
            End::Unrecorded => return (Vec::new(), Event::Failed(failure::internal())),
        };
        heard.note_text();
        let terminal = match verdict {
            None => self.stopped(),
            Some(Ok(())) => self.completed(&heard),
            Some(Err(failure)) => Event::Failed(failure),
        };
        (mem::take(heard.composer.events()), terminal)
    }

    /// Waits while others run, and tells how many are ahead. Gives what ended the wait, if not its
    /// turn.
    async fn wait_for_turn(&mut self) -> Option<Event> {
        let mut told = 0;
        loop {
            let ahead = self.place.ahead();
            if ahead != told {
                told = ahead;
                let stage = Progress::QUEUED.to_owned();
                let progress = Event::Progress(Progress { stage, done: 0, total: ahead });
                if self.recorder.record(vec![progress]).await.is_err() {
                    return Some(Event::Failed(failure::internal()));
                }
            }
            if ahead == 0 {
                return None;
            }
            tokio::select! {
                biased;
                () = self.live.stop.wished() => return Some(self.stopped()),
                () = self.place.moved() => {}
            }
        }
    }

    /// The last event of what was stopped: by someone, or by the server that closes down.
    fn stopped(&self) -> Event {
        if self.interrupt.is_cancelled() {
            return Event::Failed(failure::interrupted());
        }
        Event::Stopped {}
    }

    /// Reads the answer to its end, unless it is stopped or takes too long.
    async fn listen(&mut self, mut answer: Answer, heard: &mut Heard) -> End {
        let live = Arc::clone(&self.live);
        let latest = heard.began + LONGEST;
        let listening = async {
            let document = self.hear(&mut answer, heard, Until::Whole);
            match timeout_at(latest, document).await {
                Err(_) => return End::Failed(failure::too_slow()),
                Ok(Some(end)) => return end,
                Ok(None) => {}
            }
            let latest = latest.min(Instant::now() + AFTERWORD);
            let afterword = self.hear(&mut answer, heard, Until::End);
            timeout_at(latest, afterword).await.ok().flatten().unwrap_or(End::Finished)
        };
        tokio::select! {
            biased;
            end = listening => end,
            () = live.stop.wished() => End::Stopped,
        }
    }

    /// Takes what comes, and begins to record it at once or, while a commit is under way, as soon
    /// as that is over. Gives why the answer has ended, if it has.
    async fn hear(&mut self, answer: &mut Answer, heard: &mut Heard, until: Until) -> Option<End> {
        poll_fn(|context| {
            let mut burst = BURST;
            loop {
                let before = burst;
                let end = self.hear_some(answer, heard, &mut burst, context);
                if end.is_some() || until == Until::Whole && heard.composer.is_whole() {
                    return Poll::Ready(end);
                }
                // Whoever gave something may have more by now, and there is time to ask: its
                // commit is under way.
                if burst == before {
                    return Poll::Pending;
                }
                if burst == 0 {
                    // Others have their turn first.
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    /// Takes what is there, and records it when nothing else is under way.
    fn hear_some(
        &mut self,
        answer: &mut Answer,
        heard: &mut Heard,
        burst: &mut u32,
        context: &mut Context<'_>,
    ) -> Option<End> {
        if let Some(unrecorded) = self.record(heard, context) {
            return Some(unrecorded);
        }
        if heard.composer.events().len() >= AHEAD {
            return None;
        }
        heard.composer.close();
        let end = self.take_ready(answer, heard, burst, context);
        heard.note_text();
        self.record(heard, context).or(end)
    }

    fn record(&mut self, heard: &mut Heard, context: &mut Context<'_>) -> Option<End> {
        match self.recorder.poll_record(heard.composer.events(), context) {
            Poll::Ready(Err(error)) => Some(unrecorded(&error)),
            Poll::Ready(Ok(())) | Poll::Pending => None,
        }
    }

    /// Takes what is there at once, up to so many deltas; tells when the answer has ended.
    fn take_ready(
        &self,
        answer: &mut Answer,
        heard: &mut Heard,
        burst: &mut u32,
        context: &mut Context<'_>,
    ) -> Option<End> {
        while *burst > 0 {
            match answer.poll_next_unpin(context) {
                Poll::Pending => return None,
                Poll::Ready(Some(Ok(delta))) => {
                    *burst -= 1;
                    if !heard.hear(delta) {
                        return Some(End::Finished);
                    }
                }
                Poll::Ready(Some(Err(error))) if !heard.composer.is_whole() => {
                    tracing::warn!(provider = self.provider.name(), %error, "provider failed");
                    return Some(End::Failed(failure::of_provider(error.kind)));
                }
                Poll::Ready(_) => return Some(End::Finished),
            }
        }
        None
    }

    fn completed(&self, heard: &Heard) -> Event {
        let since = |then: Instant| {
            u64::try_from(then.duration_since(heard.began).as_millis()).unwrap_or(u64::MAX)
        };
        Event::Completed(Completed {
            finish_reason: heard.finish.as_ref().map_or("stop", Finish::as_str).to_owned(),
            usage: heard.usage,
            timings: Timings {
                first_text_ms: heard.first_text.map(since),
                total_ms: since(Instant::now()),
            },
            coverage: Coverage { read_chars: self.input_chars, total_chars: self.input_chars },
        })
    }

    /// Records the terminal event. While the store refuses it, as on a full disk, it is tried
    /// again; in the end the next start of the server ends the generation.
    async fn end(&mut self, mut events: Vec<Event>, terminal: Event) {
        if let Err(error) = self.recorder.settle().await {
            tracing::error!(%error, "the log ends without its last events");
        }
        events.push(Event::Checkpoint(self.live.checkpoint_after(&events)));
        events.push(terminal);
        for _ in 0..ENDING_TRIES {
            match self.recorder.end(&events).await {
                Ok(()) => return,
                Err(error) => tracing::error!(%error, "a terminal event could not be recorded"),
            }
            tokio::select! {
                () = self.interrupt.cancelled() => break,
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
        self.live.log.abandon();
    }
}

fn unrecorded(error: &store::Error) -> End {
    tracing::error!(%error, "events could not be recorded");
    End::Unrecorded
}
