use std::sync::Arc;

use async_trait::async_trait;
use protocol::Snapshot;

use super::store::MemoryStore;
use crate::saved::Saved;
use crate::{Appended, Batch, Error, LogWriter};

/// Writes one log, at once.
pub(super) struct MemoryLogWriter {
    pub(super) store: MemoryStore,
    pub(super) id: String,
    pub(super) epoch: u64,
}

#[async_trait]
impl LogWriter for MemoryLogWriter {
    fn append(&self, batch: Batch, appended: Arc<dyn Appended>) -> Result<(), Error> {
        let mut contents = self.store.contents()?;
        let generation = contents.get_mut(&self.id).ok_or(Error::OutOfOrder)?;
        generation.check(self.epoch, &batch)?;
        generation.log.push(batch.clone());
        // Whoever is told may look at once.
        drop(contents);
        appended.committed(batch);
        Ok(())
    }

    async fn end(&self, last: Batch, snapshot: &Snapshot) -> Result<(), Error> {
        let saved = Saved::new(snapshot)?;
        let mut contents = self.store.contents()?;
        let generation = contents.get_mut(&self.id).ok_or(Error::UnknownGeneration)?;
        let was_done = !generation.is_running && generation.log.last() == Some(&last);
        if was_done && generation.epoch == self.epoch {
            return Ok(());
        }
        generation.check(self.epoch, &last)?;
        generation.log.push(last);
        generation.is_running = false;
        let log: usize = generation.log.iter().map(|batch| batch.frames.len()).sum();
        generation.bytes += (log + saved.json.len() + saved.text.len()) as u64;
        generation.snapshot = snapshot.clone();
        generation.saved = saved.clone();
        if let Some(trained) = &saved.trained {
            contents.personas.complete(&self.id, trained);
        }
        Ok(())
    }
}
