use protocol::conversation::{ChangePersona, NewPersona, Persona, PersonaListing, PersonaVersions};
use store::PersonaChange;

use super::PersonaError;
use crate::{Engine, engine::now_ms, id, start::unfinished};

/// How long a name, an instruction and a profile may be, in characters.
const MOST_NAME_CHARS: usize = 100;
const MOST_INSTRUCTION_CHARS: usize = 20_000;
const MOST_PROFILE_CHARS: usize = 100_000;

/// How often a deletion is tried when a training begins meanwhile.
const ATTEMPTS: usize = 3;

impl Engine {
    /// Makes a persona.
    ///
    /// # Errors
    /// [`PersonaError`] says why none was made.
    pub async fn create_persona(
        &self,
        owner: &str,
        new: NewPersona,
    ) -> Result<Persona, PersonaError> {
        let NewPersona { name, instruction } = new;
        check(Some(&name), Some(&instruction), None)?;
        let persona = Persona {
            id: id::random().map_err(|error| unfinished(&error))?,
            name: name.trim().to_owned(),
            instruction,
            version: 1,
            updated_ms: now_ms(),
            ..Persona::default()
        };
        self.shared.store.create_persona(owner, persona.clone()).await?;
        Ok(persona)
    }

    /// A persona.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn persona(&self, owner: &str, id: &str) -> Result<Option<Persona>, store::Error> {
        self.shared.store.persona(owner, id).await
    }

    /// A page of an owner's personas, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read, or no page gives that place.
    pub async fn personas(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<PersonaListing, store::Error> {
        self.shared.store.personas(owner, before, limit).await
    }

    /// A page of a persona's versions, the newest first. None when there is no such persona.
    ///
    /// # Errors
    /// When the store cannot be read, or no page gives that place.
    pub async fn persona_versions(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Option<PersonaVersions>, store::Error> {
        self.shared.store.persona_versions(owner, id, before, limit).await
    }

    /// Makes a new version of a persona.
    ///
    /// # Errors
    /// [`PersonaError`] says why nothing was changed.
    pub async fn change_persona(
        &self,
        owner: &str,
        id: &str,
        change: ChangePersona,
    ) -> Result<Persona, PersonaError> {
        let ChangePersona { name, instruction, profile } = change;
        check(name.as_deref(), instruction.as_deref(), profile.as_deref())?;
        let name = name.map(|name| name.trim().to_owned());
        let change = PersonaChange { name, instruction, profile };
        let changed = self.shared.store.change_persona(owner, id, change, now_ms()).await?;
        changed.ok_or(PersonaError::Unknown)
    }

    /// Makes a new version of a persona that is what an older one was.
    ///
    /// # Errors
    /// [`PersonaError`] says why nothing was changed.
    pub async fn restore_persona(
        &self,
        owner: &str,
        id: &str,
        version: u64,
    ) -> Result<Persona, PersonaError> {
        let restored = self.shared.store.restore_persona(owner, id, version, now_ms()).await?;
        restored.ok_or(PersonaError::Unknown)
    }

    /// Removes a persona with its versions and trainings, stopping the one that runs. Says whether
    /// there was one.
    ///
    /// # Errors
    /// When the store cannot be written, or trainings begin again and again.
    pub async fn delete_persona(&self, owner: &str, id: &str) -> Result<bool, store::Error> {
        let store = &self.shared.store;
        let mut deleted = Err(store::Error::Busy);
        for _ in 0..ATTEMPTS {
            if let Some(training) = store.running_training(owner, Some(id)).await? {
                self.end(owner, &training).await?;
            }
            deleted = store.delete_persona(owner, id).await;
            if !matches!(deleted, Err(store::Error::Busy)) {
                break;
            }
        }
        deleted
    }
}

fn check(
    name: Option<&str>,
    instruction: Option<&str>,
    profile: Option<&str>,
) -> Result<(), PersonaError> {
    if name.is_some_and(protocol::is_blank) {
        return Err(PersonaError::BlankName);
    }
    for (field, text, most_chars) in [
        ("name", name, MOST_NAME_CHARS),
        ("instruction", instruction, MOST_INSTRUCTION_CHARS),
        ("profile", profile, MOST_PROFILE_CHARS),
    ] {
        if text.is_some_and(|text| text.chars().count() > most_chars) {
            return Err(PersonaError::TooLong { field, most_chars });
        }
    }
    Ok(())
}
