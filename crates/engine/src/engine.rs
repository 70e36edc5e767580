use std::{
    cmp::Ordering,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use llm::{Chosen, Providers};
use protocol::{Listing, Shape, Snapshot};
use store::{Head, Retention, Store};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    conversations::Notifier,
    error::{StartError, SubscribeError},
    learned::Learned,
    limits::OwnerLimits,
    log_memory::LogMemory,
    queue::Queue,
    retention,
    running::RunningGeneration,
    start::is_name,
    stop::StopReason,
    subscription::Subscription,
};

/// How long a generation may take to end once it was told to, before it is deleted.
const ENDING: Duration = Duration::from_secs(5);

/// How many tokens a model is taken to read when nobody says: what the smallest of those that are
/// in use do, and what Ollama lets them.
pub const CONTEXT_TOKENS: u32 = 8_192;

/// How many titles are asked for at once.
const TITLES: usize = 4;

/// What the engine may use at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Generations that run at once.
    pub running: usize,
    /// Generations that wait for their turn.
    pub waiting: usize,
    /// How much of the past is kept.
    pub retention: Retention,
    /// Tokens that the model reads at most, its instructions and its answer included. `None` when
    /// nobody has said so.
    pub context_tokens: Option<u32>,
    /// What each owner may use.
    pub owner: OwnerLimits,
    /// Whether an answer that broke off is continued.
    pub resumes: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            running: 256,
            waiting: 64,
            retention: Retention::default(),
            context_tokens: None,
            owner: OwnerLimits::default(),
            resumes: true,
        }
    }
}

/// Runs generations. A cheap handle: clones share everything.
#[derive(Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) providers: Providers,
    generations: Mutex<HashMap<String, Arc<RunningGeneration>>>,
    pub(crate) log_memory: LogMemory,
    pub(crate) queue: Queue,
    /// How many tokens a model reads, what it writes included, where its provider says nothing else.
    pub(crate) context_tokens: usize,
    pub(crate) owner_limits: OwnerLimits,
    /// The same, where somebody has said so.
    pub(crate) context_setting: Option<u64>,
    /// What was learned of the models that were asked.
    pub(crate) learned: Arc<Learned>,
    /// Whether an answer that broke off is continued.
    pub(crate) resumes: bool,
    /// Wakes those who wait for something to happen in an owner's conversations.
    pub(crate) notifier: Notifier,
    /// Titles that are asked for at once.
    pub(crate) titles: Arc<Semaphore>,
    pub(crate) tasks: TaskTracker,
    /// Nothing new is started.
    pub(crate) draining: CancellationToken,
    /// What runs is ended.
    pub(crate) interrupt: CancellationToken,
}

impl Engine {
    /// An engine over `store`. What this server left unfinished when it was killed goes on, or has
    /// been ended when this returns.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn open(
        store: Arc<dyn Store>,
        providers: impl Into<Providers>,
        limits: Limits,
    ) -> Result<Self, store::Error> {
        let engine = Self {
            shared: Arc::new(Shared {
                store,
                providers: providers.into(),
                generations: Mutex::default(),
                log_memory: LogMemory::default(),
                queue: Queue::new(limits.running, limits.waiting),
                context_tokens: limits.context_tokens.unwrap_or(CONTEXT_TOKENS) as usize,
                owner_limits: limits.owner,
                context_setting: limits.context_tokens.map(u64::from),
                learned: Arc::default(),
                resumes: limits.resumes,
                notifier: Notifier::default(),
                titles: Arc::new(Semaphore::new(TITLES)),
                tasks: TaskTracker::new(),
                draining: CancellationToken::new(),
                interrupt: CancellationToken::new(),
            }),
        };
        engine.recover().await?;
        if limits.retention != Retention::default() {
            let pruning = retention::keep(Arc::clone(&engine.shared), limits.retention);
            engine.shared.tasks.spawn(pruning);
        }
        Ok(engine)
    }

    /// Who answers.
    #[must_use]
    pub fn providers(&self) -> &Providers {
        &self.shared.providers
    }

    /// Who answers a request that names this model, or none.
    pub(crate) async fn choose(&self, model: Option<&str>) -> Result<Chosen, StartError> {
        if model.is_some_and(|model| !is_name(model)) {
            return Err(StartError::BadModel);
        }
        Ok(self.shared.providers.choose(model).await?)
    }

    /// A generation as it stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn snapshot(&self, owner: &str, id: &str) -> Result<Option<Snapshot>, store::Error> {
        match self.running(owner, id) {
            Some(running) => Ok(Some(running.snapshot())),
            None => self.shared.store.snapshot(owner, id).await,
        }
    }

    /// The text that a generation reads.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn input(&self, owner: &str, id: &str) -> Result<Option<String>, store::Error> {
        self.shared.store.input(owner, id).await
    }

    /// Subscribes to a generation from the event after `after` on: those in the log, then those to
    /// come.
    ///
    /// # Errors
    /// [`SubscribeError`] when nothing can come from there on.
    pub async fn subscribe(
        &self,
        owner: &str,
        id: &str,
        after: u64,
    ) -> Result<Subscription, SubscribeError> {
        let store = Arc::clone(&self.shared.store);
        if let Some(running) = self.running(owner, id) {
            let head = running.log.head();
            return match after.cmp(&head.cursor) {
                Ordering::Greater => Err(SubscribeError::BeyondEnd { last: head.cursor }),
                // It has ended a moment ago.
                Ordering::Equal if head.ended => Err(SubscribeError::Ended),
                _ => Ok(Subscription::running(Arc::clone(&running.log), store, after)),
            };
        }
        let Head { cursor: last, ended } =
            store.head(owner, id).await?.ok_or(SubscribeError::Unknown)?;
        match after.cmp(&last) {
            Ordering::Greater => Err(SubscribeError::BeyondEnd { last }),
            _ if !ended => Err(store::Error::Abandoned.into()),
            Ordering::Equal => Err(SubscribeError::Ended),
            Ordering::Less => Ok(Subscription::ended(id.to_owned(), last, store, after)),
        }
    }

    /// Stops a generation; one that has ended stays as it is. Says whether there is such a one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stop(&self, owner: &str, id: &str) -> Result<bool, store::Error> {
        if let Some(running) = self.running(owner, id) {
            running.stop.request(StopReason::Requested);
            return Ok(true);
        }
        Ok(self.shared.store.head(owner, id).await?.is_some())
    }

    /// Removes a document, stopping it first. Says whether there was one. Replies and trainings go
    /// with their conversations and personas.
    ///
    /// # Errors
    /// When the store cannot be written, or the generation does not end.
    pub async fn delete(&self, owner: &str, id: &str) -> Result<bool, store::Error> {
        let is_document = |Snapshot { shape, .. }: Snapshot| {
            shape == Shape::OWN || Shape::named(&shape).is_some()
        };
        if !self.snapshot(owner, id).await?.is_some_and(is_document) {
            return Ok(false);
        }
        self.end(owner, id).await?;
        self.shared.store.delete(owner, id).await
    }

    /// Stops a generation, should it run, and waits until it has ended.
    pub(crate) async fn end(&self, owner: &str, id: &str) -> Result<(), store::Error> {
        if let Some(running) = self.running(owner, id) {
            running.stop.request(StopReason::Requested);
            timeout(ENDING, running.ended()).await.map_err(|_| store::Error::Busy)?;
        }
        Ok(())
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
        // Asked first: what ends meanwhile is still known.
        let generations = self.shared.generations().clone();
        let mut listing = self.shared.store.list(owner, query, before, limit).await?;
        for listed in &mut listing.generations {
            if let Some(running) =
                generations.get(&listed.id).cloned().or_else(|| self.running(owner, &listed.id))
            {
                (listed.status, listed.title) = running.listed();
            }
        }
        Ok(listing)
    }

    /// Closes down: starts nothing new, gives what runs `grace` to end, ends the rest as
    /// `interrupted`, and waits for that until `patience` has passed.
    pub async fn shut_down(&self, grace: Duration, patience: Duration) {
        let shared = &self.shared;
        shared.draining.cancel();
        tracing::info!("closing down");
        shared.tasks.close();
        let until = Instant::now() + patience;
        if timeout(grace, shared.tasks.wait()).await.is_err() {
            shared.interrupt.cancel();
            shared
                .generations()
                .values()
                .for_each(|running| running.stop.request(StopReason::Requested));
            if timeout_at(until, shared.tasks.wait()).await.is_err() {
                tracing::warn!("some generations did not end in time");
            }
        }
    }

    /// The generation of that id, while it runs and is the owner's.
    pub(crate) fn running(&self, owner: &str, id: &str) -> Option<Arc<RunningGeneration>> {
        self.shared.generations().get(id).filter(|running| running.owner == owner).cloned()
    }
}

impl Shared {
    /// How many tokens a provider's model reads, what it writes included.
    pub(crate) fn context_tokens(&self, chosen: &Chosen) -> usize {
        let said = chosen.provider.context_tokens();
        said.map_or(self.context_tokens, |tokens| tokens as usize)
    }

    /// The same, where somebody has said so.
    pub(crate) fn context_setting(&self, chosen: &Chosen) -> Option<u64> {
        chosen.provider.context_tokens().map(u64::from).or(self.context_setting)
    }

    pub(crate) fn generations(&self) -> MutexGuard<'_, HashMap<String, Arc<RunningGeneration>>> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
