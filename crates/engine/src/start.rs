use std::{fmt::Display, sync::Arc, time::Duration};

use llm::{Chosen, Role};
use protocol::{
    AskedShape, Coverage, Event, Fnv, Language, Length, NewGeneration, Shape, Snapshot, Started,
};
use serde_json::Value;
use store::{Batch, Created, Earlier, Idempotency, LOCAL_NODE, Record};
use tokio::time::timeout;

use crate::{
    Engine,
    assignment::{Assignment, TextAssignment},
    document_reader::DocumentAssignment,
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

/// A request to answer messages that no conversation is behind.
#[derive(Clone, Debug)]
pub struct Completion {
    /// What the provider is asked.
    pub request: llm::Request,
    /// Whose it is.
    pub owner: String,
    /// The same key and the same request give the same generation.
    pub key: Option<String>,
}

/// What a generation is made of.
struct NewRun {
    owner: String,
    /// What is kept as its input.
    input: String,
    /// Its own part of what the snapshot says.
    language: Language,
    length: Length,
    chosen: Chosen,
    shape: Shape,
    /// The JSON Schema of a shape of one's own.
    schema: Option<Value>,
    assignment: Assignment,
    idempotency: Option<Idempotency>,
}

impl Engine {
    /// Starts a generation, or finds the one that the same key has started.
    ///
    /// # Errors
    /// [`StartError`] says why nothing was started.
    pub async fn start(&self, mut start: Start) -> Result<Snapshot, StartError> {
        if protocol::is_blank(&start.generation.text) {
            return Err(StartError::BlankText);
        }
        let chosen = self.choose(start.generation.model.as_deref()).await?;
        let asked = start.generation.shape.take();
        let shape = asked.as_ref().map_or(Ok(Shape::SUMMARY), AskedShape::shape)?;
        // To name what is meant anyway is to ask for the same; so is to write the same schema in
        // other words.
        let schema = match asked {
            Some(AskedShape::Named(name)) if name == Shape::SUMMARY.name => None,
            Some(AskedShape::Own(schema)) => {
                let canonical = shape.schema(start.generation.length);
                start.generation.shape = Some(AskedShape::Own(canonical));
                Some(schema)
            }
            named => {
                start.generation.shape = named;
                None
            }
        };
        let idempotency = idempotency(serde_json::to_vec(&start.generation), start.key);
        start.generation.model.clone_from(&chosen.model);
        let NewGeneration { text, language, length, .. } = &start.generation;
        self.start_run(NewRun {
            owner: start.owner,
            input: text.clone(),
            language: *language,
            length: *length,
            chosen,
            shape: shape.clone(),
            schema,
            assignment: Assignment::Document(DocumentAssignment {
                generation: start.generation,
                shape,
                known: Vec::new(),
            }),
            idempotency,
        })
        .await
    }

    /// Starts to answer messages, or finds the generation that the same key has started.
    ///
    /// # Errors
    /// [`StartError`] says why nothing was started.
    pub async fn start_completion(&self, completion: Completion) -> Result<Snapshot, StartError> {
        let Completion { mut request, owner, key } = completion;
        let chosen = self.choose(request.model.as_deref()).await?;
        let input = request.last(Role::User).to_owned();
        if protocol::is_blank(&input) {
            return Err(StartError::BlankText);
        }
        let said: Vec<_> = request
            .messages
            .iter()
            .map(|message| (message.role.as_str(), &message.content))
            .collect();
        let idempotency =
            idempotency(serde_json::to_vec(&(said, &request.schema, &request.model)), key);
        request.model.clone_from(&chosen.model);
        self.start_run(NewRun {
            owner,
            input,
            language: Language::default(),
            length: Length::default(),
            chosen,
            shape: Shape::COMPLETION,
            schema: None,
            assignment: Assignment::Text(TextAssignment::Completion(request)),
            idempotency,
        })
        .await
    }

    async fn start_run(&self, new: NewRun) -> Result<Snapshot, StartError> {
        if self.shared.draining.is_cancelled() {
            return Err(StartError::ShuttingDown);
        }
        if let Err(refused) = self.admit(&new.owner).await {
            return self.started_before(new, refused).await;
        }
        let Some(slot) = self.shared.queue.enter() else {
            return self.started_before(new, StartError::Overloaded).await;
        };
        // A task of its own: a client that leaves, or waits no longer, must not leave a generation
        // without a run.
        let begun = self.shared.tasks.spawn(self.clone().begin(new, slot));
        let begun = timeout(PATIENCE, begun).await.map_err(|_| store::Error::Busy)?;
        begun.map_err(|error| unfinished(&error))?
    }

    /// What the same key has started, when there is no room for anything new.
    async fn started_before(
        &self,
        new: NewRun,
        refused: StartError,
    ) -> Result<Snapshot, StartError> {
        let Some(idempotency) = new.idempotency else { return Err(refused) };
        match self.shared.store.find(&new.owner, &idempotency).await? {
            Some(earlier) => self.as_it_stands(&new.owner, earlier).await,
            None => Err(refused),
        }
    }

    async fn begin(self, new: NewRun, slot: QueueSlot) -> Result<Snapshot, StartError> {
        let shared = &self.shared;
        let NewRun { owner, input, chosen, shape, schema, assignment, idempotency, .. } = new;
        let chars = input.chars().count() as u64;
        let snapshot = Snapshot {
            language: new.language,
            length: new.length,
            schema,
            ..first_snapshot(&input, chars, &chosen, &shape)?
        };
        let Entered { first, running, entry } = self.enter(&owner, &snapshot);
        let record = Record {
            snapshot: snapshot.clone(),
            owner: owner.clone(),
            node: LOCAL_NODE.to_owned(),
            input,
            idempotency,
            first,
        };
        let writer = match shared.store.create(record).await? {
            Created::New(writer) => writer,
            Created::Not(earlier) => return self.as_it_stands(&owner, earlier).await,
        };
        let recorder = Recorder::new(Arc::clone(&shared.store), writer, running);
        let runner = self.runner(chosen, assignment, shape, recorder, slot);
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

    /// Enters a new generation among those that run, before it is stored: whoever finds it in
    /// the store finds it running, too.
    pub(crate) fn enter(&self, owner: &str, snapshot: &Snapshot) -> Entered {
        let first = recorder::batch(1, &[started(snapshot)]);
        let (running, entry) = self.enter_at(owner, snapshot, first.clone());
        Entered { first, running, entry }
    }

    /// Enters a generation whose log has come to `newest`.
    pub(crate) fn enter_at(
        &self,
        owner: &str,
        snapshot: &Snapshot,
        newest: Batch,
    ) -> (Arc<RunningGeneration>, RunningEntry) {
        let shared = &self.shared;
        let log = Arc::new(Log::new(&snapshot.id, newest, &shared.log_memory));
        let running = Arc::new(RunningGeneration::new(owner.to_owned(), snapshot.clone(), log));
        let entry = RunningEntry::enter(shared, &snapshot.id, &running);
        if shared.interrupt.is_cancelled() {
            // It came too late to be found among those that run.
            running.stop.request(StopReason::Requested);
        }
        (running, entry)
    }

    pub(crate) fn runner(
        &self,
        chosen: Chosen,
        assignment: Assignment,
        shape: Shape,
        recorder: Recorder,
        slot: QueueSlot,
    ) -> Runner {
        let shared = &self.shared;
        Runner {
            context_setting: shared.context_setting(&chosen),
            provider: chosen.provider,
            store: Arc::clone(&shared.store),
            learned: Arc::clone(&shared.learned),
            resumes: shared.resumes,
            is_restarted: false,
            assignment: Some(assignment),
            shape,
            coverage: Coverage::default(),
            waited: Duration::ZERO,
            running: Arc::clone(recorder.running()),
            recorder,
            slot,
            draining: shared.draining.clone(),
            interrupt: shared.interrupt.clone(),
        }
    }
}

/// The first snapshot of a generation that reads so many characters, of which `text` is the beginning.
pub(crate) fn first_snapshot(
    text: &str,
    input_chars: u64,
    chosen: &Chosen,
    shape: &Shape,
) -> Result<Snapshot, StartError> {
    let Chosen { provider, model } = chosen;
    Ok(Snapshot {
        id: id::random().map_err(|error| unfinished(&error))?,
        preview: preview(text),
        created_ms: now_ms(),
        provider: provider.name().to_owned(),
        model: model.as_deref().unwrap_or_else(|| provider.model()).to_owned(),
        host: provider.host().map(str::to_owned),
        shape: shape.name.to_owned(),
        input_chars,
        cursor: 1,
        ..Snapshot::default()
    })
}

/// A generation that has entered and is not stored yet.
pub(crate) struct Entered {
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
        host: snapshot.host.clone(),
        shape: snapshot.shape.clone(),
        input_chars: snapshot.input_chars,
    })
}

fn idempotency(request: serde_json::Result<Vec<u8>>, key: Option<String>) -> Option<Idempotency> {
    let mut hash = Fnv::default();
    hash.write(&request.unwrap_or_default());
    let fingerprint = hash.finish().to_be_bytes().to_vec();
    key.map(|key| Idempotency { key, fingerprint })
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
