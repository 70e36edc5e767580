use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::{FutureExt, StreamExt};
use llm::{Answer, Delta, Finish, Provider};
use protocol::{
    Completed, Coverage, Event, Failure, NewGeneration, Progress, Shape, Timings, Usage,
};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::{composer::Composer, failure, live::Live, prompt, queue::Place, recorder::Recorder};

/// Longest that a generation may run.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// How long a model may go on after the document is whole: usage is still to come.
const AFTERWORD: Duration = Duration::from_secs(10);

/// Deltas that are taken at once at most before they are recorded.
const BURST: u32 = 256;

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
    /// Someone stopped it.
    Stopped,
    /// It failed.
    Failed(Failure),
    /// The store refused events.
    Unrecorded,
}

/// What has been learnt of an answer besides its text.
struct Telling {
    began: Instant,
    first_text: Option<Instant>,
    finish: Option<Finish>,
    usage: Option<Usage>,
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
        let mut composer = Composer::new(self.shape);
        let mut telling =
            Telling { began: Instant::now(), first_text: None, finish: None, usage: None };
        if let Some(ending) = self.wait_for_turn().await {
            return (Vec::new(), ending);
        }
        let answer = self.provider.answer(prompt::request(&self.generation, self.shape));
        let verdict = match self.listen(answer, &mut composer, &mut telling).await {
            End::Finished => composer.judge(telling.finish.as_ref()),
            End::Stopped => return (composer.take(), Event::Stopped {}),
            End::Failed(failure) => Err(failure),
            End::Unrecorded => return (Vec::new(), Event::Failed(failure::internal())),
        };
        let events = composer.take();
        telling.note(&events);
        let terminal = match verdict {
            Ok(()) => self.completed(&telling),
            Err(failure) => Event::Failed(failure),
        };
        (events, terminal)
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
                if self.recorder.record(&[progress]).await.is_err() {
                    return Some(Event::Failed(failure::internal()));
                }
            }
            if ahead == 0 {
                return None;
            }
            tokio::select! {
                biased;
                () = self.live.stop.cancelled() => return Some(Event::Stopped {}),
                () = self.interrupt.cancelled() => {
                    return Some(Event::Failed(failure::interrupted()));
                }
                () = self.place.moved() => {}
            }
        }
    }

    /// Reads the answer to its end. Whatever is there at once is recorded in one commit.
    async fn listen(
        &mut self,
        mut answer: Answer,
        composer: &mut Composer,
        telling: &mut Telling,
    ) -> End {
        let mut deadline = telling.began + LONGEST;
        loop {
            let was_whole = composer.is_whole();
            let delta = tokio::select! {
                biased;
                () = self.live.stop.cancelled() => return End::Stopped,
                () = self.interrupt.cancelled() => return End::Failed(failure::interrupted()),
                delta = timeout_at(deadline, answer.next()) => delta,
            };
            let end = match delta {
                Ok(delta) => self.take_ready(delta, &mut answer, composer, telling),
                Err(_) if was_whole => Some(End::Finished),
                Err(_) => Some(End::Failed(failure::too_slow())),
            };
            if let Some(end) = end {
                return end;
            }
            if !was_whole && composer.is_whole() {
                deadline = deadline.min(Instant::now() + AFTERWORD);
            }
            let events = composer.take();
            telling.note(&events);
            if let Err(error) = self.recorder.record(&events).await {
                tracing::error!(%error, "events could not be recorded");
                return End::Unrecorded;
            }
        }
    }

    /// Takes `delta` and what else is there at once; tells when the answer has ended.
    fn take_ready(
        &self,
        mut delta: Option<Result<Delta, llm::Error>>,
        answer: &mut Answer,
        composer: &mut Composer,
        telling: &mut Telling,
    ) -> Option<End> {
        for taken in 1.. {
            match delta {
                Some(Ok(delta)) => {
                    if !take(delta, composer, telling) {
                        return Some(End::Finished);
                    }
                }
                Some(Err(error)) if !composer.is_whole() => {
                    tracing::warn!(provider = self.provider.name(), %error, "provider failed");
                    return Some(End::Failed(failure::of_provider(error.kind)));
                }
                _ => return Some(End::Finished),
            }
            if taken == BURST {
                break;
            }
            delta = answer.next().now_or_never()?;
        }
        None
    }

    fn completed(&self, telling: &Telling) -> Event {
        let since = |then: Instant| {
            u64::try_from(then.duration_since(telling.began).as_millis()).unwrap_or(u64::MAX)
        };
        Event::Completed(Completed {
            finish_reason: telling.finish.as_ref().map_or("stop", Finish::as_str).to_owned(),
            usage: telling.usage,
            timings: Timings {
                first_text_ms: telling.first_text.map(since),
                total_ms: since(Instant::now()),
            },
            coverage: Coverage { read_chars: self.input_chars, total_chars: self.input_chars },
        })
    }

    /// Records the terminal event. While the store refuses it, as on a full disk, it is tried
    /// again; in the end the next start of the server ends the generation.
    async fn end(&mut self, mut events: Vec<Event>, terminal: Event) {
        events.push(Event::Checkpoint(self.live.checkpoint(&events)));
        events.push(terminal);
        for _ in 0..ENDING_TRIES {
            match self.recorder.record(&events).await {
                Ok(()) => return,
                Err(error) => tracing::error!(%error, "a terminal event could not be recorded"),
            }
            tokio::select! {
                () = self.interrupt.cancelled() => break,
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
        self.live.abandon();
    }
}

impl Telling {
    fn note(&mut self, events: &[Event]) {
        if self.first_text.is_none() && events.iter().any(|e| matches!(e, Event::FieldDelta(_))) {
            self.first_text = Some(Instant::now());
        }
    }
}

/// Takes one delta; says whether the answer is worth reading on.
fn take(delta: Delta, composer: &mut Composer, telling: &mut Telling) -> bool {
    match delta {
        Delta::Text(text) => return composer.text(&text),
        Delta::Reasoning(text) => composer.reasoning(&text),
        Delta::Usage(tokens) => {
            telling.usage =
                Some(Usage { input_tokens: tokens.input, output_tokens: tokens.output });
        }
        Delta::Finish(finish) => telling.finish = Some(finish),
    }
    true
}
