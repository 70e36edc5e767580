use async_trait::async_trait;
use protocol::conversation::{Persona, PersonaListing, PersonaVersions};

use super::store::MemoryStore;
use crate::{Error, PersonaChange, PersonaStore, TrainingOutcome, TrainingRecord, TrainingState};

#[async_trait]
impl PersonaStore for MemoryStore {
    async fn create_persona(&self, owner: &str, persona: Persona) -> Result<(), Error> {
        self.contents()?.create_persona(owner, persona);
        Ok(())
    }

    async fn persona(&self, owner: &str, id: &str) -> Result<Option<Persona>, Error> {
        Ok(self.contents()?.persona(owner, id))
    }

    async fn personas(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<PersonaListing, Error> {
        self.contents()?.list_personas(owner, before, limit)
    }

    async fn persona_versions(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Option<PersonaVersions>, Error> {
        self.contents()?.persona_versions(owner, id, before, limit)
    }

    async fn change_persona(
        &self,
        owner: &str,
        id: &str,
        change: PersonaChange,
        now_ms: u64,
    ) -> Result<Option<Persona>, Error> {
        Ok(self.contents()?.change_persona(owner, id, change, now_ms))
    }

    async fn restore_persona(
        &self,
        owner: &str,
        id: &str,
        version: u64,
        now_ms: u64,
    ) -> Result<Option<Persona>, Error> {
        Ok(self.contents()?.restore_persona(owner, id, version, now_ms))
    }

    async fn delete_persona(&self, owner: &str, id: &str) -> Result<bool, Error> {
        self.contents()?.delete_persona(owner, id)
    }

    async fn store_training(&self, training: TrainingRecord) -> Result<TrainingOutcome, Error> {
        if training.generation.first.first != 1 {
            return Err(Error::OutOfOrder);
        }
        let id = training.generation.snapshot.id.clone();
        Ok(match self.contents()?.store_training(training)? {
            Ok(persona) => TrainingOutcome::New(Box::new(persona), self.log_writer(&id, 0)),
            Err(refused) => refused,
        })
    }

    async fn training(
        &self,
        owner: &str,
        generation_id: &str,
    ) -> Result<Option<TrainingState>, Error> {
        Ok(self.contents()?.training(owner, generation_id))
    }

    async fn running_training(
        &self,
        owner: &str,
        persona_id: Option<&str>,
    ) -> Result<Option<String>, Error> {
        Ok(self.contents()?.running_training(owner, persona_id))
    }

    async fn newest_training(&self, owner: &str) -> Result<u64, Error> {
        Ok(self.contents()?.newest_training(owner))
    }

    async fn next_training(
        &self,
        owner: &str,
        persona_id: Option<&str>,
        after: u64,
    ) -> Result<Option<String>, Error> {
        Ok(self.contents()?.next_training(owner, persona_id, after))
    }
}
