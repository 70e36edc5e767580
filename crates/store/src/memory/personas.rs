use protocol::conversation::{Origin, Persona, PersonaListing, PersonaVersion, PersonaVersions};

use super::contents::Contents;
use crate::saved::Trained;
use crate::{
    ArchivedPersona, Error, PersonaChange, TrainingOutcome, TrainingRecord, TrainingState,
};

/// All personas and their trainings, each in the order of creation.
#[derive(Clone, Default)]
pub(super) struct Personas {
    all: Vec<Kept>,
    trainings: Vec<Training>,
    made: u64,
}

#[derive(Clone)]
struct Kept {
    key: u64,
    owner: String,
    id: String,
    versions: Vec<PersonaVersion>,
}

#[derive(Clone)]
struct Training {
    key: u64,
    generation_id: String,
    persona_id: String,
    message: String,
    version: Option<u64>,
}

impl Kept {
    fn persona(&self) -> Option<Persona> {
        let newest = self.versions.last()?;
        Some(Persona {
            id: self.id.clone(),
            name: newest.name.clone(),
            instruction: newest.instruction.clone(),
            profile: newest.profile.clone(),
            version: newest.version,
            updated_ms: newest.created_ms,
            training_id: None,
        })
    }

    fn add(&mut self, change: PersonaChange, origin: Origin, now_ms: u64) {
        let Some(before) = self.versions.last().cloned() else { return };
        let mut after = PersonaVersion {
            version: before.version + 1,
            origin,
            created_ms: now_ms,
            ..before.clone()
        };
        after.name = change.name.unwrap_or(after.name);
        after.instruction = change.instruction.unwrap_or(after.instruction);
        after.profile = change.profile.unwrap_or(after.profile);
        let is_same = (&before.name, &before.instruction, &before.profile)
            == (&after.name, &after.instruction, &after.profile);
        if !is_same || origin != Origin::Edited {
            self.versions.push(after);
        }
    }
}

impl Personas {
    pub(super) fn exists(&self, owner: &str, id: &str) -> bool {
        self.find(owner, id).is_some()
    }

    fn find(&self, owner: &str, id: &str) -> Option<&Kept> {
        self.all.iter().find(|kept| kept.owner == owner && kept.id == id)
    }

    fn find_mut(&mut self, owner: &str, id: &str) -> Option<&mut Kept> {
        self.all.iter_mut().find(|kept| kept.owner == owner && kept.id == id)
    }

    /// The first persona of an owner after `key`, with its versions.
    pub(super) fn archived_after(&self, owner: &str, key: u64) -> Option<(u64, ArchivedPersona)> {
        let found = self.all.iter().find(|kept| kept.key > key && kept.owner == owner)?;
        let (id, versions) = (found.id.clone(), found.versions.clone());
        Some((found.key, ArchivedPersona { id, versions }))
    }

    pub(super) fn owner_of(&self, id: &str) -> Option<String> {
        self.all.iter().find(|kept| kept.id == id).map(|kept| kept.owner.clone())
    }

    pub(super) fn add_archived(&mut self, owner: &str, id: String, versions: Vec<PersonaVersion>) {
        let key = self.next_key();
        self.all.push(Kept { key, owner: owner.to_owned(), id, versions });
    }

    fn next_key(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Makes the version that a completed training leads to.
    pub(super) fn complete(&mut self, generation_id: &str, trained: &Trained) {
        let Self { all, trainings, .. } = self;
        let training = trainings.iter_mut().find(|it| it.generation_id == generation_id);
        let Some(training) = training else { return };
        if let Some(kept) = all.iter_mut().find(|kept| kept.id == training.persona_id) {
            let profile = Some(trained.profile.clone());
            let change = PersonaChange { profile, ..PersonaChange::default() };
            kept.add(change, Origin::Trained, trained.ended_ms);
            training.version = kept.versions.last().map(|newest| newest.version);
        }
    }
}

impl Contents {
    fn is_training(&self, training: &Training) -> bool {
        self.get(&training.generation_id).is_some_and(|generation| generation.is_running)
    }

    fn trainings<'a>(
        &'a self,
        owner: &'a str,
        persona_id: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Training> {
        self.personas.trainings.iter().filter(move |training| {
            persona_id.is_none_or(|id| training.persona_id == id)
                && self.personas.exists(owner, &training.persona_id)
        })
    }

    fn with_training(&self, owner: &str, kept: &Kept) -> Option<Persona> {
        let training_id = self.running_training(owner, Some(&kept.id));
        Some(Persona { training_id, ..kept.persona()? })
    }

    pub(super) fn create_persona(&mut self, owner: &str, persona: Persona) {
        let key = self.personas.next_key();
        let Persona { id, name, instruction, profile, version, updated_ms, .. } = persona;
        let origin = Origin::Created;
        let created_ms = updated_ms;
        let first = PersonaVersion { version, name, instruction, profile, origin, created_ms };
        self.personas.all.push(Kept { key, owner: owner.to_owned(), id, versions: vec![first] });
    }

    pub(super) fn persona(&self, owner: &str, id: &str) -> Option<Persona> {
        self.with_training(owner, self.personas.find(owner, id)?)
    }

    pub(super) fn list_personas(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<PersonaListing, Error> {
        let before = place_in(before)?;
        let of_owner = |kept: &&Kept| kept.owner == owner && kept.key < before;
        let found = self.personas.all.iter().rev().filter(of_owner);
        let (page, next) = page(found, limit, |kept| kept.key);
        let personas = page.into_iter().filter_map(|kept| self.with_training(owner, kept));
        Ok(PersonaListing { personas: personas.collect(), next })
    }

    pub(super) fn persona_versions(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Option<PersonaVersions>, Error> {
        let before = place_in(before)?;
        let Some(kept) = self.personas.find(owner, id) else { return Ok(None) };
        let found = kept.versions.iter().rev().filter(|version| version.version < before);
        let (page, next) = page(found, limit, |version| version.version);
        Ok(Some(PersonaVersions { versions: page.into_iter().cloned().collect(), next }))
    }

    pub(super) fn change_persona(
        &mut self,
        owner: &str,
        id: &str,
        change: PersonaChange,
        now_ms: u64,
    ) -> Option<Persona> {
        self.personas.find_mut(owner, id)?.add(change, Origin::Edited, now_ms);
        self.persona(owner, id)
    }

    pub(super) fn restore_persona(
        &mut self,
        owner: &str,
        id: &str,
        version: u64,
        now_ms: u64,
    ) -> Option<Persona> {
        let kept = self.personas.find_mut(owner, id)?;
        let older = kept.versions.iter().find(|it| it.version == version)?.clone();
        let change = PersonaChange {
            name: Some(older.name),
            instruction: Some(older.instruction),
            profile: Some(older.profile),
        };
        kept.add(change, Origin::Restored, now_ms);
        self.persona(owner, id)
    }

    pub(super) fn delete_persona(&mut self, owner: &str, id: &str) -> Result<bool, Error> {
        if !self.personas.exists(owner, id) {
            return Ok(false);
        }
        if self.running_training(owner, Some(id)).is_some() {
            return Err(Error::Busy);
        }
        let of_it = |training: &Training| training.persona_id == id;
        let gone: Vec<String> = self
            .personas
            .trainings
            .extract_if(.., |training| of_it(training))
            .map(|training| training.generation_id)
            .collect();
        gone.iter().for_each(|generation| {
            self.remove(owner, generation);
        });
        self.personas.all.retain(|kept| kept.id != id);
        Ok(true)
    }

    pub(super) fn store_training(
        &mut self,
        record: TrainingRecord,
    ) -> Result<Result<Persona, TrainingOutcome>, Error> {
        let TrainingRecord { persona_id, message, generation } = record;
        let Some(persona) = self.persona(&generation.owner, &persona_id) else {
            return Ok(Err(TrainingOutcome::UnknownPersona));
        };
        if let Some(running) = persona.training_id {
            return Ok(Err(TrainingOutcome::Running(running)));
        }
        let generation_id = generation.snapshot.id.clone();
        self.add(generation)?;
        let key = self.personas.next_key();
        let training = Training { key, generation_id, persona_id, message, version: None };
        self.personas.trainings.push(training);
        Ok(Ok(persona))
    }

    pub(super) fn training(&self, owner: &str, generation_id: &str) -> Option<TrainingState> {
        let training = self.trainings(owner, None).find(|it| it.generation_id == generation_id)?;
        Some(TrainingState {
            persona_id: training.persona_id.clone(),
            message: training.message.clone(),
            version: training.version,
        })
    }

    pub(super) fn running_training(&self, owner: &str, persona_id: Option<&str>) -> Option<String> {
        let mut trainings = self.trainings(owner, persona_id);
        trainings.find(|training| self.is_training(training)).map(|it| it.generation_id.clone())
    }

    pub(super) fn newest_training(&self, owner: &str) -> u64 {
        self.trainings(owner, None).map(|training| training.key).max().unwrap_or_default()
    }

    pub(super) fn next_training(
        &self,
        owner: &str,
        persona_id: Option<&str>,
        after: u64,
    ) -> Option<String> {
        let mut trainings = self.trainings(owner, persona_id);
        trainings.find(|training| training.key > after).map(|it| it.generation_id.clone())
    }
}

fn place_in(before: Option<&str>) -> Result<u64, Error> {
    before.map_or(Ok(u64::MAX), |place| place.parse().map_err(|_| Error::UnknownPlace))
}

/// The first `limit` of what was found, and where the next page begins.
fn page<'a, T>(
    found: impl Iterator<Item = &'a T>,
    limit: usize,
    key: impl Fn(&T) -> u64,
) -> (Vec<&'a T>, Option<String>) {
    let mut found: Vec<&T> = found.take(limit + 1).collect();
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|last| key(last).to_string());
    (found, next)
}
