use async_trait::async_trait;
use protocol::conversation::{Persona, PersonaListing, PersonaVersions};

use crate::{Error, PersonaChange, TrainingOutcome, TrainingRecord, TrainingState};

/// Keeps personas, their versions and their trainings.
///
/// A training is a generation. When its log ends completed, its text becomes the profile of the
/// persona's next version: both are stored, or neither.
///
/// What is said of [`ConversationStore`](crate::ConversationStore) holds here, too.
#[async_trait]
pub trait PersonaStore: Send + Sync + 'static {
    /// Makes a persona, whose version is 1.
    ///
    /// # Errors
    /// See above.
    async fn create_persona(&self, owner: &str, persona: Persona) -> Result<(), Error>;

    /// A persona.
    ///
    /// # Errors
    /// See above.
    async fn persona(&self, owner: &str, id: &str) -> Result<Option<Persona>, Error>;

    /// A page of an owner's personas, the newest first.
    ///
    /// # Errors
    /// See above.
    async fn personas(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<PersonaListing, Error>;

    /// A page of a persona's versions, the newest first. None when there is no such persona.
    ///
    /// # Errors
    /// See above.
    async fn persona_versions(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Option<PersonaVersions>, Error>;

    /// Makes a new version of a persona, unless nothing changes. None when there is no such
    /// persona.
    ///
    /// # Errors
    /// See above.
    async fn change_persona(
        &self,
        owner: &str,
        id: &str,
        change: PersonaChange,
        now_ms: u64,
    ) -> Result<Option<Persona>, Error>;

    /// Makes a new version of a persona that is what an older one was. None when there is none.
    ///
    /// # Errors
    /// See above.
    async fn restore_persona(
        &self,
        owner: &str,
        id: &str,
        version: u64,
        now_ms: u64,
    ) -> Result<Option<Persona>, Error>;

    /// Removes a persona with its versions and trainings. `false` when there is none.
    ///
    /// # Errors
    /// [`Error::Busy`] when a training of it runs.
    async fn delete_persona(&self, owner: &str, id: &str) -> Result<bool, Error>;

    /// Stores a training at birth, unless one of the same persona runs. It waits for as long as it
    /// takes, as [`create`](crate::Store::create) does.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the generation's log does not begin with event 1.
    async fn store_training(&self, training: TrainingRecord) -> Result<TrainingOutcome, Error>;

    /// A training as it is stored.
    ///
    /// # Errors
    /// See above.
    async fn training(
        &self,
        owner: &str,
        generation_id: &str,
    ) -> Result<Option<TrainingState>, Error>;

    /// The oldest training that runs, of that persona or of any.
    ///
    /// # Errors
    /// See above.
    async fn running_training(
        &self,
        owner: &str,
        persona_id: Option<&str>,
    ) -> Result<Option<String>, Error>;

    /// The number of the newest training of an owner's personas, 0 when there is none.
    ///
    /// # Errors
    /// See above.
    async fn newest_training(&self, owner: &str) -> Result<u64, Error>;

    /// The first training after that number, of that persona or of any.
    ///
    /// # Errors
    /// See above.
    async fn next_training(
        &self,
        owner: &str,
        persona_id: Option<&str>,
        after: u64,
    ) -> Result<Option<String>, Error>;
}
