use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use protocol::{Listing, Snapshot};

use super::contents::{Contents, Generation};
use super::log_writer::MemoryLogWriter;
use crate::{
    Batch, Created, Earlier, Error, Head, Idempotency, LogWriter, Pruned, Record, Resumed,
    Retention, Store, Unfinished, page,
};

/// What a [`MemoryStore`] holds, for another one to open after that: clones share it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Contents>>);

impl Memory {
    /// All that was acknowledged so far, for a store of its own: what a kill would leave. Nothing
    /// is lost, since nothing is acknowledged before it is here.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        Self(Arc::new(Mutex::new(self.lock().clone())))
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        // Nothing in here panics half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A store in memory; clones share it.
#[derive(Clone, Default)]
pub struct MemoryStore {
    memory: Memory,
    is_closed: Arc<AtomicBool>,
}

impl MemoryStore {
    /// Opens what an earlier store held.
    #[must_use]
    pub fn open(memory: Memory) -> Self {
        Self { memory, is_closed: Arc::default() }
    }

    pub(super) fn contents(&self) -> Result<MutexGuard<'_, Contents>, Error> {
        if self.is_closed.load(Ordering::Relaxed) {
            return Err(Error::Closed);
        }
        Ok(self.memory.lock())
    }

    pub(super) fn log_writer(&self, id: &str, epoch: u64) -> Box<dyn LogWriter> {
        Box::new(MemoryLogWriter { store: self.clone(), id: id.to_owned(), epoch })
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn create(&self, record: Record) -> Result<Created, Error> {
        if record.first.first != 1 {
            return Err(Error::OutOfOrder);
        }
        let id = record.snapshot.id.clone();
        Ok(match self.contents()?.add(record)? {
            None => Created::New(self.log_writer(&id, 0)),
            Some(earlier) => Created::Not(earlier),
        })
    }

    async fn unfinished(&self, node: &str) -> Result<Vec<Unfinished>, Error> {
        let contents = self.contents()?;
        let running = contents.all().filter(|it| it.is_running && it.record.node == node);
        let unfinished = |record: &Record| Unfinished {
            owner: record.owner.clone(),
            snapshot: record.snapshot.clone(),
        };
        Ok(running.map(|it| unfinished(&it.record)).collect())
    }

    async fn resume(&self, node: &str, id: &str) -> Result<Resumed, Error> {
        let mut contents = self.contents()?;
        let generation = contents.get_mut(id).ok_or(Error::UnknownGeneration)?;
        if !generation.is_running {
            return Err(Error::OutOfOrder);
        }
        generation.epoch += 1;
        node.clone_into(&mut generation.record.node);
        let (epoch, cursor) = (generation.epoch, generation.head().cursor);
        Ok(Resumed { writer: self.log_writer(id, epoch), cursor })
    }

    async fn read(&self, id: &str, after: u64, max_bytes: usize) -> Result<Vec<Batch>, Error> {
        let contents = self.contents()?;
        let generation = contents.get(id).ok_or(Error::UnknownGeneration)?;
        Ok(page(generation.log.iter(), after, max_bytes))
    }

    async fn head(&self, owner: &str, id: &str) -> Result<Option<Head>, Error> {
        Ok(self.contents()?.of(owner, id).map(Generation::head))
    }

    async fn snapshot(&self, owner: &str, id: &str) -> Result<Option<Snapshot>, Error> {
        Ok(self.contents()?.of(owner, id).map(|it| it.snapshot.clone()))
    }

    async fn input(&self, owner: &str, id: &str) -> Result<Option<String>, Error> {
        Ok(self.contents()?.of(owner, id).map(|it| it.record.input.clone()))
    }

    async fn find(&self, owner: &str, idempotency: &Idempotency) -> Result<Option<Earlier>, Error> {
        Ok(self.contents()?.earlier(owner, idempotency))
    }

    async fn list(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error> {
        self.contents()?.list(owner, query, before, limit)
    }

    async fn delete(&self, owner: &str, id: &str) -> Result<bool, Error> {
        Ok(self.contents()?.remove(owner, id))
    }

    async fn prune(&self, keep: Retention, now_ms: u64) -> Result<Pruned, Error> {
        Ok(self.contents()?.prune(keep, now_ms))
    }

    async fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }
}
