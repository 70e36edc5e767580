use std::{mem, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use llm::{ErrorKind, Finish, Provider};
use protocol::{
    Completed, Coverage, Event, Failure, Form, PassagesChosen, Progress, Shape, Timings,
};
use store::Store;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    answer_reader::End,
    answer_state::AnswerState,
    assignment::{Assignment, Prepared, TextAssignment},
    document_reader::{DocumentAssignment, DocumentReader},
    evidence, failure, language,
    learned::Learned,
    queue::QueueSlot,
    recorder::Recorder,
    running::RunningGeneration,
    stop::StopReason,
    writing::{Source, TextSource, Writing},
};

/// How long it takes until a terminal event that the store refuses is tried again: at first, and
/// at most.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];

/// Runs one generation, from its turn in the queue to its terminal event.
pub(crate) struct Runner {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) learned: Arc<Learned>,
    /// What the settings say of how many tokens the model reads.
    pub(crate) context_setting: Option<u64>,
    /// Whether an answer that broke off is continued.
    pub(crate) resumes: bool,
    /// It was begun by a server that was killed.
    pub(crate) is_restarted: bool,
    /// Taken once it runs: texts may be long.
    pub(crate) assignment: Option<Assignment>,
    pub(crate) shape: Shape,
    /// How much of what there is to read the provider is given.
    pub(crate) coverage: Coverage,
    pub(crate) running: Arc<RunningGeneration>,
    pub(crate) recorder: Recorder,
    /// How long it has waited for its turn.
    pub(crate) waited: Duration,
    /// Held for as long as it waits or runs.
    pub(crate) slot: QueueSlot,
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
                let _ = self.recorder.wait_committed().await;
                Event::Failed(failure::internal())
            }
        };
        self.end(terminal).await;
    }

    /// Reads and records the provider's answer; returns the terminal event that it calls for.
    async fn answer(&mut self) -> Result<Event, store::Error> {
        let arrived = Instant::now();
        if let Some(ending) = self.wait_for_turn().await? {
            return Ok(ending);
        }
        self.waited = arrived.elapsed();
        let mut state = AnswerState::new(&self.shape);
        let end = self.read_answer(&mut state).await?;
        state.composer.buffer().close();
        state.composer.release();
        let terminal = self.terminal(end, &mut state);
        self.recorder.record(mem::take(&mut state.composer.buffer().events)).await?;
        if matches!(terminal, Event::Completed(_)) {
            let notice = language::notice(&self.running.snapshot());
            self.recorder.record(notice.map(Event::Notice).into_iter().collect()).await?;
            if self.shape.form == Form::Object {
                self.record_evidence().await?;
            }
        }
        Ok(terminal)
    }

    /// Looks up where the document's sentences come from.
    async fn record_evidence(&mut self) -> Result<(), store::Error> {
        let snapshot = self.running.snapshot();
        let texts = evidence::texts(&snapshot);
        if texts.is_empty() {
            return Ok(());
        }
        let source = match self.store.input(&self.running.owner, &snapshot.id).await {
            Ok(source) => source,
            // The document is whole without it.
            Err(error) => {
                tracing::warn!(%error, "the source could not be read again to look up sentences");
                return Ok(());
            }
        };
        let is_quoted = self.provider.quotes();
        let mut found = evidence::of(texts, source.unwrap_or_default(), is_quoted).await;
        // What a server that was killed had told already comes first, and is the same.
        found.drain(..snapshot.evidence.len().min(found.len()));
        self.recorder.record(found).await
    }

    /// The last event of an answer that has ended like this.
    fn terminal(&self, end: End, state: &mut AnswerState) -> Event {
        let is_whole = state.composer.is_whole();
        let is_done = is_whole && self.interrupt.is_cancelled();
        let verdict = match end {
            End::Stopped(StopReason::Requested) if !is_done => return self.stopped(),
            End::Stopped(StopReason::TooSlow) if !is_whole => Err(failure::too_slow()),
            End::Failed(error) => Err(self.failed(&error)),
            End::Interrupted => Err(failure::interrupted()),
            End::Finished | End::Stopped(_) => state.composer.judge(state.finish.as_ref()),
        };
        state.note_first_text();
        match verdict {
            Ok(()) => self.completed(state),
            Err(failure) => Event::Failed(failure),
        }
    }

    fn failed(&self, error: &llm::Error) -> Failure {
        tracing::warn!(provider = self.provider.name(), %error, "provider failed");
        failure::of_provider(error, self.provider.place())
    }

    /// Has the answer written, and reads it.
    async fn read_answer(&mut self, state: &mut AnswerState) -> Result<End, store::Error> {
        match self.assignment.take() {
            Some(Assignment::Document(document)) => self.write_document(document, state).await,
            Some(Assignment::Text(text)) => self.write_text(text, state).await,
            None => Ok(End::Finished),
        }
    }

    async fn write_text(
        &mut self,
        text: TextAssignment,
        state: &mut AnswerState,
    ) -> Result<End, store::Error> {
        let prepared = text.prepare(&*self.store, &self.running.owner).await?;
        let Prepared { request, coverage, passages } = prepared;
        self.coverage = coverage;
        if !passages.is_empty() {
            let chosen = PassagesChosen { spans: passages };
            self.recorder.record(vec![Event::PassagesChosen(chosen)]).await?;
        }
        self.writing(Source::Text(Box::new(TextSource::new(request))), state).write(false).await
    }

    /// Has the text read, in one piece or in parts, and the document written.
    async fn write_document(
        &mut self,
        document: DocumentAssignment,
        state: &mut AnswerState,
    ) -> Result<End, store::Error> {
        let mut reader = DocumentReader::new(
            Arc::clone(&self.provider),
            Arc::clone(&self.store),
            Arc::clone(&self.learned),
            self.context_setting,
            self.running.owner.clone(),
            document,
        );
        let read = reader.read(&mut self.recorder).await?;
        state.spend(reader.spent());
        if let Err(end) = read {
            return Ok(end);
        }
        let was_killed = self.is_restarted;
        let writing = self.writing(Source::Document(&mut reader), state);
        let mut end = writing.write(was_killed).await?;
        if let End::Failed(error) = &end
            && error.kind == ErrorKind::TooLong
            && !state.has_begun
            && let Some(read) = reader.read_shorter(error, &mut self.recorder).await?
        {
            state.spend(reader.spent());
            state.begin_again();
            end = match read {
                Ok(()) => self.writing(Source::Document(&mut reader), state).write(false).await?,
                Err(end) => end,
            };
        }
        self.coverage = reader.coverage(state.tokens_read());
        Ok(reader.checked(end, state.tokens_read()))
    }

    fn writing<'a>(&'a mut self, source: Source<'a>, state: &'a mut AnswerState) -> Writing<'a> {
        Writing {
            provider: &self.provider,
            recorder: &mut self.recorder,
            state,
            source,
            shape: &self.shape,
            resumes: self.resumes,
        }
    }

    /// Waits while others run, and says how many are ahead. Returns the terminal event when
    /// something else than its turn ended the wait.
    async fn wait_for_turn(&mut self) -> Result<Option<Event>, store::Error> {
        let mut announced = 0;
        loop {
            let ahead = self.slot.ahead();
            if ahead != announced {
                announced = ahead;
                let stage = Progress::QUEUED.to_owned();
                let progress = Event::Progress(Progress { stage, done: 0, total: ahead });
                self.recorder.record(vec![progress]).await?;
            }
            if ahead == 0 {
                return Ok(None);
            }
            tokio::select! {
                biased;
                _ = self.running.stop.requested() => return Ok(Some(self.stopped())),
                () = self.draining.cancelled() => {
                    return Ok(Some(Event::Failed(failure::interrupted())));
                }
                () = self.slot.changed() => {}
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

    fn completed(&self, state: &AnswerState) -> Event {
        let in_ms = |time: Duration| u64::try_from(time.as_millis()).ok();
        let since = |then: Instant| in_ms(then.duration_since(state.began)).unwrap_or(u64::MAX);
        Event::Completed(Box::new(Completed {
            finish_reason: state.finish.as_ref().map_or("stop", Finish::as_str).to_owned(),
            usage: state.usage(),
            timings: Timings {
                first_text_ms: state.first_text.map(since),
                total_ms: since(Instant::now()),
                queue_ms: in_ms(self.waited),
                first_token_ms: state.first_token.map(since),
            },
            coverage: Coverage {
                read_chars: state
                    .read_chars
                    .unwrap_or(self.coverage.read_chars)
                    .min(self.coverage.read_chars),
                ..self.coverage
            },
        }))
    }

    /// Records the terminal event. While the store refuses it, as on a full disk, it is tried
    /// again, and the generation keeps its place: so many can wait for that at most. When the
    /// server closes down, its next start ends them.
    async fn end(&mut self, terminal: Event) {
        let [mut pause, longest] = PAUSES;
        while let Err(error) = self.recorder.end(&terminal).await {
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
