use std::{mem, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use llm::{Finish, Provider};
use protocol::{Completed, Coverage, Event, Failure, NewGeneration, Progress, Shape, Timings};
use tokio::time::{Instant, sleep};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    failure,
    heard::Heard,
    hearing::{End, Hearing},
    live::Live,
    prompt,
    queue::Place,
    recorder::Recorder,
    stop::Reason,
};

/// Longest that a generation may run.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// How long it takes until a terminal event that the store refuses is tried again: at first, and
/// at most.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];

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
    /// Nothing new is to run.
    pub(crate) draining: CancellationToken,
    /// The server is closing down.
    pub(crate) interrupt: CancellationToken,
}

impl Runner {
    /// Runs to the terminal event, whatever happens.
    pub(crate) async fn run(mut self) {
        let answered = AssertUnwindSafe(self.answer()).catch_unwind().await;
        let terminal = match answered {
            Ok(Ok(terminal)) => terminal,
            Ok(Err(error)) => {
                tracing::error!(error = error.with_causes(), "events could not be recorded");
                Event::Failed(failure::of_store(&error))
            }
            Err(_) => {
                tracing::error!("a generation panicked");
                // What it has written is kept, unless the store refuses it.
                let _ = self.recorder.settle().await;
                Event::Failed(failure::internal())
            }
        };
        self.end(terminal).await;
    }

    /// Plays the provider's answer, and records it all; gives the event that is to end it.
    async fn answer(&mut self) -> Result<Event, store::Error> {
        if let Some(ending) = self.wait_for_turn().await? {
            return Ok(ending);
        }
        let mut heard = Heard::nothing(self.shape);
        let end = self.listen(&mut heard).await?;
        heard.composer.close();
        let terminal = self.terminal(end, &mut heard);
        self.recorder.record(mem::take(heard.composer.events())).await?;
        Ok(terminal)
    }

    /// The last event of an answer that has ended like this.
    fn terminal(&self, end: End, heard: &mut Heard) -> Event {
        let is_whole = heard.composer.is_whole();
        let is_done = is_whole && self.interrupt.is_cancelled();
        let verdict = match end {
            End::Stopped(Reason::Asked) if !is_done => return self.stopped(),
            End::Stopped(Reason::TooSlow) if !is_whole => Err(failure::too_slow()),
            End::Failed(error) => Err(self.failed(&error)),
            End::Finished | End::Stopped(_) => heard.composer.judge(heard.finish.as_ref()),
        };
        heard.note_text();
        match verdict {
            Ok(()) => self.completed(heard),
            Err(failure) => Event::Failed(failure),
        }
    }

    fn failed(&self, error: &llm::Error) -> Failure {
        tracing::warn!(provider = self.provider.name(), %error, "provider failed");
        failure::of_provider(error.kind)
    }

    /// Hears the answer, for as long as any may run.
    async fn listen(&mut self, heard: &mut Heard) -> Result<End, store::Error> {
        let live = Arc::clone(&self.live);
        // Not looked at each time that something comes: it has a task of its own.
        let _deadline = AbortOnDropHandle::new(tokio::spawn(async move {
            sleep(LONGEST).await;
            live.stop.wish(Reason::TooSlow);
        }));
        let request = prompt::request(mem::take(&mut self.generation), self.shape);
        let answer = self.provider.answer(request);
        let (recorder, stop) = (&mut self.recorder, &self.live.stop);
        Hearing { answer, heard, recorder, stop }.listen().await
    }

    /// Waits while others run, and tells how many are ahead. Gives what ended the wait, if not its
    /// turn.
    async fn wait_for_turn(&mut self) -> Result<Option<Event>, store::Error> {
        let mut told = 0;
        loop {
            let ahead = self.place.ahead();
            if ahead != told {
                told = ahead;
                let stage = Progress::QUEUED.to_owned();
                let progress = Event::Progress(Progress { stage, done: 0, total: ahead });
                self.recorder.record(vec![progress]).await?;
            }
            if ahead == 0 {
                return Ok(None);
            }
            tokio::select! {
                biased;
                _ = self.live.stop.wished() => return Ok(Some(self.stopped())),
                () = self.draining.cancelled() => {
                    return Ok(Some(Event::Failed(failure::interrupted())));
                }
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
            coverage: Coverage {
                read_chars: heard.read_chars.unwrap_or(self.input_chars).min(self.input_chars),
                total_chars: self.input_chars,
            },
        })
    }

    /// Records the terminal event. While the store refuses it, as on a full disk, it is tried
    /// again, and the generation keeps its place: so many can wait for that at most. When the
    /// server closes down, its next start ends them.
    async fn end(&mut self, terminal: Event) {
        let events = [Event::Checkpoint(self.live.checkpoint()), terminal];
        let [mut pause, longest] = PAUSES;
        while let Err(error) = self.recorder.end(&events).await {
            tracing::error!(error = error.with_causes(), "a terminal event could not be recorded");
            if !error.may_pass() {
                return;
            }
            tokio::select! {
                () = self.interrupt.cancelled() => return,
                () = sleep(pause) => pause = longest.min(pause * 2),
            }
        }
    }
}
