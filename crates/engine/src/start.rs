use std::{fmt::Display, sync::Arc, time::Duration};

use protocol::{Coverage, Event, Fnv, NewGeneration, Shape, Snapshot, Started};
use store::{Batch, Created, Earlier, Idempotency, LOCAL_NODE, Record};
use tokio::time::timeout;

use crate::{
    Engine,
    assignment::Assignment,
    engine::{Shared, now_ms},
    error::{MOST_MODEL_BYTES, StartError},
    id,
    log::Log,
    queue::QueueSlot,
    recorder::{self, Recorder},
    runner::Runner,
    running::RunningGeneration,
    stop::StopReason,
};

/// How long a client waits for what it starts.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Length of a snapshot's preview in characters.
const PREVIEW_CHARS: usize = 160;

/// A request to start a generation.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// What is asked for.
    pub generation: NewGeneration,
    /// Whose it is.
    pub owner: String,
    /// The same key and the same request give the same generation.
    pub key: Option<String>,
}

impl Engine {
    /// Starts a generation, or finds the one that the same key has started.
    ///
    /// # Errors
    /// [`StartError`] says why nothing was started.
    pub async fn start(&self, mut start: Start) -> Result<Snapshot, StartError> {
        if self.shared.draining.is_cancelled() {
            return Err(StartError::ShuttingDown);
        }
        if protocol::is_blank(&start.generation.text) {
            return Err(StartError::BlankText);
        }
        if start.generation.model.as_ref().is_some_and(|model| !is_name(model)) {
            return Err(StartError::BadModel);
        }
        let shape = match &start.generation.shape {
            None => Shape::SUMMARY,
            Some(name) => Shape::named(name).ok_or(StartError::UnknownShape)?,
        };
        // To name what is meant anyway is to ask for the same.
        start.generation.shape.take_if(|name| name == Shape::SUMMARY.name);
        let Some(slot) = self.shared.queue.enter() else {
            return self.started_before(start).await;
        };
        // A task of its own: a client that leaves, or waits no longer, must not leave a generation
        // without a run.
        let begun = self.shared.tasks.spawn(self.clone().begin(start, shape, slot));
        let begun = timeout(PATIENCE, begun).await.map_err(|_| store::Error::Busy)?;
        begun.map_err(|error| unfinished(&error))?
    }

    /// What the same key has started, when there is no room for anything new.
    async fn started_before(&self, start: Start) -> Result<Snapshot, StartError> {
        let Some(idempotency) = idempotency(&start) else { return Err(StartError::Overloaded) };
        match self.shared.store.find(&start.owner, &idempotency).await? {
            Some(earlier) => self.as_it_stands(&start.owner, earlier).await,
            None => Err(StartError::Overloaded),
        }
    }

    async fn begin(
        self,
        start: Start,
        shape: Shape,
        slot: QueueSlot,
    ) -> Result<Snapshot, StartError> {
        let shared = &self.shared;
        let NewGeneration { text, language, length, model, .. } = &start.generation;
        let snapshot = Snapshot {
            language: *language,
            length: *length,
            ..self.newborn(text, text.chars().count() as u64, model.as_deref(), shape)?
        };
        let Newborn { first, running, entry } = self.enter(&start.owner, &snapshot);
        let writer = match shared.store.create(record(&start, &snapshot, first)).await? {
            Created::New(writer) => writer,
            Created::Not(earlier) => return self.as_it_stands(&start.owner, earlier).await,
        };
        let recorder = Recorder::new(Arc::clone(&shared.store), writer, running);
        let runner =
            self.runner(Assignment::Document(start.generation, shape), shape, recorder, slot);
        shared.tasks.spawn(async move {
            runner.run().await;
            drop(entry);
        });
        Ok(snapshot)
    }

    /// What the same request has started, as it stands now.
    async fn as_it_stands(&self, owner: &str, earlier: Earlier) -> Result<Snapshot, StartError> {
        match earlier {
            Earlier::SameRequest(stored) => {
                Ok(self.snapshot(owner, &stored.id).await?.unwrap_or(*stored))
            }
            Earlier::OtherRequest => Err(StartError::KeyReused),
        }
    }

    /// A generation at birth that reads so many characters, of which `text` is the beginning.
    pub(crate) fn newborn(
        &self,
        text: &str,
        input_chars: u64,
        model: Option<&str>,
        shape: Shape,
    ) -> Result<Snapshot, StartError> {
        let provider = &self.shared.provider;
        let asked = model.filter(|_| provider.takes_other_models());
        let model = asked.unwrap_or_else(|| provider.model());
        Ok(Snapshot {
            id: id::random().map_err(|error| unfinished(&error))?,
            preview: preview(text),
            created_ms: now_ms(),
            provider: provider.name().to_owned(),
            model: model.to_owned(),
            shape: shape.name.to_owned(),
            input_chars,
            cursor: 1,
            ..Snapshot::default()
        })
    }

    /// Enters a newborn generation among those that run, before it is stored: whoever finds it in
    /// the store finds it running, too.
    pub(crate) fn enter(&self, owner: &str, snapshot: &Snapshot) -> Newborn {
        let shared = &self.shared;
        let first = recorder::batch(1, &[started(snapshot)]);
        let log = Arc::new(Log::new(&snapshot.id, first.clone(), &shared.log_memory));
        let running = Arc::new(RunningGeneration::new(owner.to_owned(), snapshot.clone(), log));
        let entry = RunningEntry::enter(shared, &snapshot.id, &running);
        if shared.interrupt.is_cancelled() {
            // It came too late to be found among those that run.
            running.stop.request(StopReason::Requested);
        }
        Newborn { first, running, entry }
    }

    pub(crate) fn runner(
        &self,
        assignment: Assignment,
        shape: Shape,
        recorder: Recorder,
        slot: QueueSlot,
    ) -> Runner {
        let shared = &self.shared;
        Runner {
            provider: Arc::clone(&shared.provider),
            store: Arc::clone(&shared.store),
            assignment: Some(assignment),
            shape,
            coverage: Coverage::default(),
            running: Arc::clone(recorder.running()),
            recorder,
            slot,
            draining: shared.draining.clone(),
            interrupt: shared.interrupt.clone(),
        }
    }
}

/// A generation that has entered and is not stored yet.
pub(crate) struct Newborn {
    /// The beginning of its log.
    pub(crate) first: Batch,
    pub(crate) running: Arc<RunningGeneration>,
    /// Held for as long as it runs.
    pub(crate) entry: RunningEntry,
}

/// A generation's place among those that run; left when it is dropped. Whoever follows its log is
/// let go then, should that not have come to an end.
pub(crate) struct RunningEntry {
    shared: Arc<Shared>,
    id: String,
}

impl RunningEntry {
    fn enter(shared: &Arc<Shared>, id: &str, running: &Arc<RunningGeneration>) -> Self {
        shared.generations().insert(id.to_owned(), Arc::clone(running));
        Self { shared: Arc::clone(shared), id: id.to_owned() }
    }
}

impl Drop for RunningEntry {
    fn drop(&mut self) {
        let running = self.shared.generations().remove(&self.id);
        running.iter().for_each(|running| running.log.abandon());
    }
}

fn started(snapshot: &Snapshot) -> Event {
    Event::Started(Started {
        generation_id: snapshot.id.clone(),
        provider: snapshot.provider.clone(),
        model: snapshot.model.clone(),
        shape: snapshot.shape.clone(),
        input_chars: snapshot.input_chars,
    })
}

fn record(start: &Start, snapshot: &Snapshot, first: Batch) -> Record {
    Record {
        snapshot: snapshot.clone(),
        owner: start.owner.clone(),
        node: LOCAL_NODE.to_owned(),
        input: start.generation.text.clone(),
        idempotency: idempotency(start),
        first,
    }
}

fn idempotency(start: &Start) -> Option<Idempotency> {
    let mut hash = Fnv::default();
    hash.write(&serde_json::to_vec(&start.generation).unwrap_or_default());
    let fingerprint = hash.finish().to_be_bytes().to_vec();
    start.key.clone().map(|key| Idempotency { key, fingerprint })
}

/// Whether a model may be called so.
pub(crate) fn is_name(model: &str) -> bool {
    !protocol::is_blank(model) && model.len() <= MOST_MODEL_BYTES
}

/// What is no client's business.
pub(crate) fn unfinished(cause: &dyn Display) -> StartError {
    tracing::error!(%cause, "a generation could not be made");
    StartError::Unfinished
}

/// The beginning of a text, on one line.
fn preview(text: &str) -> String {
    let mut preview = String::new();
    for word in text.split_whitespace() {
        if !preview.is_empty() {
            preview.push(' ');
        }
        preview.extend(word.chars().take(PREVIEW_CHARS));
        if preview.chars().count() >= PREVIEW_CHARS {
            break;
        }
    }
    preview.chars().take(PREVIEW_CHARS).collect()
}
