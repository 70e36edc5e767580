use std::{
    cmp::Ordering,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use llm::Provider;
use protocol::{Event, Fnv, Listing, NewGeneration, Shape, Snapshot, Started, Status};
use store::{Batch, Created, Idempotency, Record, Retention, Store};
use tokio::time::{Instant, interval, timeout, timeout_at};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    error::{FollowError, StartError},
    follow::Follow,
    id,
    live::Live,
    queue::{Place, Queue},
    recorder::Recorder,
    recovery,
    runner::Runner,
};

/// How long a generation may take to end once it was told to, before it is deleted.
const ENDING: Duration = Duration::from_secs(5);

/// How often the past is pruned.
const PRUNING: Duration = Duration::from_secs(600);

/// Length of a snapshot's preview in characters.
const PREVIEW_CHARS: usize = 160;

/// What the engine may use at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Generations that run at once.
    pub running: usize,
    /// Generations that wait for their turn.
    pub waiting: usize,
    /// How much of the past is kept.
    pub retention: Retention,
}

impl Default for Limits {
    fn default() -> Self {
        Self { running: 256, waiting: 64, retention: Retention::default() }
    }
}

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

/// Runs generations. A cheap handle: clones share everything.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    provider: Arc<dyn Provider>,
    running: Mutex<HashMap<String, Arc<Live>>>,
    queue: Queue,
    tasks: TaskTracker,
    /// Nothing new is started.
    draining: CancellationToken,
    /// What runs is ended.
    interrupt: CancellationToken,
}

impl Engine {
    /// An engine over `store`. Ends what a killed server left unfinished before it returns.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn open(
        store: Store,
        provider: Arc<dyn Provider>,
        limits: Limits,
    ) -> Result<Self, store::Error> {
        let ended = recovery::recover(&store).await?;
        if ended > 0 {
            tracing::info!(ended, "ended the generations that were interrupted");
        }
        let engine = Self {
            shared: Arc::new(Shared {
                store,
                provider,
                running: Mutex::default(),
                queue: Queue::new(limits.running, limits.waiting),
                tasks: TaskTracker::new(),
                draining: CancellationToken::new(),
                interrupt: CancellationToken::new(),
            }),
        };
        if limits.retention != Retention::default() {
            engine.shared.tasks.spawn(Arc::clone(&engine.shared).prune(limits.retention));
        }
        Ok(engine)
    }

    /// The provider's name and its model.
    #[must_use]
    pub fn provider(&self) -> (&str, &str) {
        (self.shared.provider.name(), self.shared.provider.model())
    }

    /// Starts a generation, or finds the one that the same key has started.
    ///
    /// # Errors
    /// [`StartError`] says why nothing was started.
    pub async fn start(&self, start: Start) -> Result<Snapshot, StartError> {
        let shared = &self.shared;
        if shared.draining.is_cancelled() {
            return Err(StartError::ShuttingDown);
        }
        if start.generation.text.trim().is_empty() {
            return Err(StartError::BlankText);
        }
        let shape = match &start.generation.shape {
            None => Shape::SUMMARY,
            Some(name) => Shape::named(name).ok_or(StartError::UnknownShape)?,
        };
        let place = shared.queue.enter().ok_or(StartError::Overloaded)?;
        let snapshot = self.newborn(&start.generation, shape)?;
        let batch = first_batch(&snapshot);
        let record = Record {
            snapshot: snapshot.clone(),
            owner: start.owner,
            input: start.generation.text.clone(),
            idempotency: start
                .key
                .map(|key| Idempotency { key, fingerprint: fingerprint(&start.generation) }),
            batch: batch.clone(),
        };
        let live = Arc::new(Live::new(snapshot.clone(), batch));
        // Before it is created: whoever finds it in the store finds it running, too.
        let guard = Running::enter(shared, &snapshot.id, &live);
        match shared.store.create(record).await? {
            Created::New => {}
            Created::Existing(existing) => {
                return Ok(self.live(&existing.id).map_or(*existing, |live| live.snapshot()));
            }
            Created::KeyReused => return Err(StartError::KeyReused),
        }
        let runner = self.runner(&snapshot, start.generation, shape, live, place);
        shared.tasks.spawn(async move {
            runner.run().await;
            drop(guard);
        });
        Ok(snapshot)
    }

    fn newborn(&self, generation: &NewGeneration, shape: Shape) -> Result<Snapshot, StartError> {
        let provider = &self.shared.provider;
        let model = generation.model.as_deref().unwrap_or_else(|| provider.model());
        Ok(Snapshot {
            id: id::random().map_err(|_| StartError::Randomness)?,
            status: Status::Running,
            document: serde_json::Value::Object(serde_json::Map::new()),
            completed: Vec::new(),
            reasoning: String::new(),
            cursor: 1,
            provider: provider.name().to_owned(),
            model: model.to_owned(),
            shape: shape.name.to_owned(),
            language: generation.language,
            length: generation.length,
            input_chars: generation.text.chars().count() as u64,
            preview: preview(&generation.text),
            created_ms: now_ms(),
            usage: None,
            timings: None,
            coverage: None,
            error: None,
        })
    }

    fn runner(
        &self,
        snapshot: &Snapshot,
        generation: NewGeneration,
        shape: Shape,
        live: Arc<Live>,
        place: Place,
    ) -> Runner {
        let shared = &self.shared;
        let recorder = Recorder::new(
            snapshot.id.clone(),
            shared.store.clone(),
            Arc::clone(&live),
            snapshot.cursor,
        );
        Runner {
            provider: Arc::clone(&shared.provider),
            generation,
            shape,
            input_chars: snapshot.input_chars,
            live,
            recorder,
            place,
            interrupt: shared.interrupt.clone(),
        }
    }

    /// A generation as it stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn snapshot(&self, id: &str) -> Result<Option<Snapshot>, store::Error> {
        match self.live(id) {
            Some(live) => Ok(Some(live.snapshot())),
            None => self.shared.store.snapshot(id).await,
        }
    }

    /// The text that a generation reads.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn input(&self, id: &str) -> Result<Option<String>, store::Error> {
        self.shared.store.input(id).await
    }

    /// Follows a generation from the event after `after`: what is logged, then what comes.
    ///
    /// # Errors
    /// [`FollowError`] when there is nothing to follow from there.
    pub async fn follow(&self, id: &str, after: u64) -> Result<Follow, FollowError> {
        let store = self.shared.store.clone();
        if let Some(live) = self.live(id) {
            let head = *live.watch().borrow();
            return match after.cmp(&head.cursor) {
                Ordering::Greater => Err(FollowError::BeyondEnd { last: head.cursor }),
                // It has ended a moment ago.
                Ordering::Equal if head.ended => Err(FollowError::Ended),
                _ => Ok(Follow::new(id.to_owned(), store, live, after)),
            };
        }
        let snapshot = store.snapshot(id).await?.ok_or(FollowError::Unknown)?;
        match after.cmp(&snapshot.cursor) {
            Ordering::Greater => Err(FollowError::BeyondEnd { last: snapshot.cursor }),
            Ordering::Equal => Err(FollowError::Ended),
            Ordering::Less => Ok(Follow::ended(id.to_owned(), store, snapshot.cursor, after)),
        }
    }

    /// Stops a generation; one that has ended stays as it is. Says whether there is such a one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stop(&self, id: &str) -> Result<bool, store::Error> {
        if let Some(live) = self.live(id) {
            live.stop.cancel();
            return Ok(true);
        }
        Ok(self.shared.store.snapshot(id).await?.is_some())
    }

    /// Removes a generation, stopping it first. Says whether there was one.
    ///
    /// # Errors
    /// When the store cannot be written, or the generation does not end.
    pub async fn delete(&self, id: &str) -> Result<bool, store::Error> {
        if let Some(live) = self.live(id) {
            live.stop.cancel();
            let mut head = live.watch();
            let ended = timeout(ENDING, head.wait_for(|head| head.ended)).await;
            if ended.is_err() {
                return Err(store::Error::Busy);
            }
        }
        self.shared.store.delete(id).await
    }

    /// Past and running generations, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, store::Error> {
        let mut listing = self.shared.store.list(owner, query, before, limit).await?;
        for listed in &mut listing.generations {
            if let Some(live) = self.live(&listed.id) {
                let snapshot = live.snapshot();
                listed.status = snapshot.status;
                snapshot.text("title").clone_into(&mut listed.title);
            }
        }
        Ok(listing)
    }

    /// Closes down: starts nothing new, gives what runs `grace` to end, ends the rest as
    /// `interrupted`, and waits for that until `patience` has passed.
    pub async fn shut_down(&self, grace: Duration, patience: Duration) {
        let shared = &self.shared;
        shared.draining.cancel();
        shared.tasks.close();
        let until = Instant::now() + patience;
        if timeout(grace, shared.tasks.wait()).await.is_err() {
            shared.interrupt.cancel();
            if timeout_at(until, shared.tasks.wait()).await.is_err() {
                tracing::warn!("some generations did not end in time");
            }
        }
    }

    fn live(&self, id: &str) -> Option<Arc<Live>> {
        self.shared.running().get(id).cloned()
    }
}

impl Shared {
    /// Removes what is older, or more, than is kept: now and every so often, until the server
    /// closes down.
    async fn prune(self: Arc<Self>, keep: Retention) {
        let mut rounds = interval(PRUNING);
        loop {
            tokio::select! {
                () = self.draining.cancelled() => return,
                _ = rounds.tick() => {}
            }
            match self.store.prune(keep, now_ms()).await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "removed old generations"),
                Err(error) => tracing::error!(%error, "old generations could not be removed"),
            }
        }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, Arc<Live>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A generation's place among those that run; left when it is dropped.
struct Running {
    shared: Arc<Shared>,
    id: String,
}

impl Running {
    fn enter(shared: &Arc<Shared>, id: &str, live: &Arc<Live>) -> Self {
        shared.running().insert(id.to_owned(), Arc::clone(live));
        Self { shared: Arc::clone(shared), id: id.to_owned() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.running().remove(&self.id);
    }
}

fn first_batch(snapshot: &Snapshot) -> Batch {
    let mut frames = Vec::new();
    let started = Event::Started(Started {
        generation_id: snapshot.id.clone(),
        provider: snapshot.provider.clone(),
        model: snapshot.model.clone(),
        shape: snapshot.shape.clone(),
        input_chars: snapshot.input_chars,
    });
    protocol::encode(1, &started, &mut frames);
    Batch { first: 1, last: 1, frames: frames.into() }
}

fn fingerprint(generation: &NewGeneration) -> Vec<u8> {
    let mut hash = Fnv::default();
    hash.write(&serde_json::to_vec(generation).unwrap_or_default());
    hash.finish().to_be_bytes().to_vec()
}

fn preview(text: &str) -> String {
    let mut preview = String::new();
    for word in text.split_whitespace() {
        if !preview.is_empty() {
            preview.push(' ');
        }
        preview.push_str(word);
        if preview.chars().count() >= PREVIEW_CHARS {
            break;
        }
    }
    preview.chars().take(PREVIEW_CHARS).collect()
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
