use async_trait::async_trait;
use protocol::conversation::{Origin, Persona, PersonaListing, PersonaVersions};
use rusqlite::Connection;

use super::{persona, training};
use crate::saved::Saved;
use crate::sqlite::SqliteStore;
use crate::{Error, PersonaChange, PersonaStore, TrainingOutcome, TrainingRecord, TrainingState};

#[async_trait]
impl PersonaStore for SqliteStore {
    async fn create_persona(&self, owner: &str, persona: Persona) -> Result<(), Error> {
        let owner = owner.to_owned();
        self.with_writer(move |connection| persona::create(connection, &owner, &persona)).await
    }

    async fn persona(&self, owner: &str, id: &str) -> Result<Option<Persona>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.with_reader(move |connection| persona::find(connection, &owner, &id)).await
    }

    async fn personas(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<PersonaListing, Error> {
        let (owner, before) = (owner.to_owned(), before.map(str::to_owned));
        self.with_reader(move |connection| {
            persona::list(connection, &owner, before.as_deref(), limit)
        })
        .await
    }

    async fn persona_versions(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Option<PersonaVersions>, Error> {
        let (owner, id, before) = (owner.to_owned(), id.to_owned(), before.map(str::to_owned));
        self.with_reader(move |connection: &Connection| {
            persona::versions(connection, &owner, &id, before.as_deref(), limit)
        })
        .await
    }

    async fn change_persona(
        &self,
        owner: &str,
        id: &str,
        change: PersonaChange,
        now_ms: u64,
    ) -> Result<Option<Persona>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.with_writer(move |connection| {
            persona::change(connection, &owner, &id, &change, Origin::Edited, now_ms)
        })
        .await
    }

    async fn restore_persona(
        &self,
        owner: &str,
        id: &str,
        version: u64,
        now_ms: u64,
    ) -> Result<Option<Persona>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.with_writer(move |connection| {
            persona::restore(connection, &owner, &id, version, now_ms)
        })
        .await
    }

    async fn delete_persona(&self, owner: &str, id: &str) -> Result<bool, Error> {
        let (reader, reading) = (owner.to_owned(), id.to_owned());
        let trainings = self
            .with_reader(move |connection| training::all(connection, &reader, &reading))
            .await?;
        let Some(trainings) = trainings else { return Ok(false) };
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.remove_with(trainings, move |connection, trainings| {
            training::delete(connection, &owner, &id, trainings)
        })
        .await
    }

    async fn store_training(&self, training: TrainingRecord) -> Result<TrainingOutcome, Error> {
        if training.generation.first.first != 1 {
            return Err(Error::OutOfOrder);
        }
        let saved = Saved::new(&training.generation.snapshot)?;
        let (id, cursor) = (saved.id.clone(), training.generation.first.last);
        let store = move |connection: &Connection| training::store(connection, &training, &saved);
        Ok(match self.shared.writer.write(store).await? {
            Ok(persona) => TrainingOutcome::New(Box::new(persona), self.log_writer(&id, cursor)),
            Err(refused) => refused,
        })
    }

    async fn training(
        &self,
        owner: &str,
        generation_id: &str,
    ) -> Result<Option<TrainingState>, Error> {
        let (owner, id) = (owner.to_owned(), generation_id.to_owned());
        self.with_reader(move |connection| training::state(connection, &owner, &id)).await
    }

    async fn running_training(
        &self,
        owner: &str,
        persona_id: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let (owner, persona_id) = (owner.to_owned(), persona_id.map(str::to_owned));
        self.with_reader(move |connection| {
            training::running(connection, &owner, persona_id.as_deref())
        })
        .await
    }

    async fn newest_training(&self, owner: &str) -> Result<u64, Error> {
        let owner = owner.to_owned();
        self.with_reader(move |connection| training::newest(connection, &owner)).await
    }

    async fn next_training(
        &self,
        owner: &str,
        persona_id: Option<&str>,
        after: u64,
    ) -> Result<Option<String>, Error> {
        let (owner, persona_id) = (owner.to_owned(), persona_id.map(str::to_owned));
        self.with_reader(move |connection: &Connection| {
            training::next(connection, &owner, persona_id.as_deref(), after)
        })
        .await
    }
}
