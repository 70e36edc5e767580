//! Trainings: generations that write a persona's next profile.

use protocol::conversation::{Origin, Persona};
use rusqlite::{Connection, OptionalExtension, params};

use super::persona::{self, PersonaChange};
use crate::number::{signed, unsigned};
use crate::saved::Saved;
use crate::{Batch, Created, Error, Record, write};

/// A training to be stored.
pub struct TrainingRecord {
    /// The persona.
    pub persona_id: String,
    /// What it is taught.
    pub message: String,
    /// The generation at birth.
    pub generation: Record,
}

/// What became of a [`TrainingRecord`].
#[derive(Clone, Debug, PartialEq)]
pub enum TrainingOutcome {
    /// It is stored. The persona is as it was before.
    New(Box<Persona>),
    /// There is no such persona.
    UnknownPersona,
    /// That training of the persona runs.
    Running(String),
}

/// A training as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingState {
    /// The persona.
    pub persona_id: String,
    /// What it was taught.
    pub message: String,
    /// The version that it made, once it is completed.
    pub version: Option<u64>,
}

pub(super) fn store(
    connection: &Connection,
    training: &TrainingRecord,
    first: &Batch,
    saved: &Saved,
) -> Result<TrainingOutcome, Error> {
    let owner = &training.generation.owner;
    let id = &training.persona_id;
    let (Some(key), Some(persona)) =
        (persona::key(connection, owner, id)?, persona::find(connection, owner, id)?)
    else {
        return Ok(TrainingOutcome::UnknownPersona);
    };
    if let Some(running) = persona.training_id {
        return Ok(TrainingOutcome::Running(running));
    }
    if write::create(connection, &training.generation, first, saved)? != Created::New {
        return Err(Error::OutOfOrder);
    }
    connection
        .prepare_cached(
            "INSERT INTO training (generation_id, persona, message) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![saved.id, key, training.message])?;
    Ok(TrainingOutcome::New(Box::new(persona)))
}

/// Makes the version that a completed training leads to, unless that was done before.
pub(super) fn complete(
    connection: &Connection,
    generation_id: &str,
    profile: &str,
    now_ms: u64,
) -> Result<(), Error> {
    let found = connection
        .prepare_cached(
            "SELECT persona.id, persona.owner, training.version IS NOT NULL
             FROM training JOIN persona ON persona.key = training.persona
             WHERE training.generation_id = ?1",
        )?
        .query_row([generation_id], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?))
        })
        .optional()?;
    let Some((id, owner, false)) = found else { return Ok(()) };
    let change = PersonaChange { profile: Some(profile.to_owned()), ..PersonaChange::default() };
    let changed = persona::change(connection, &owner, &id, &change, Origin::Trained, now_ms)?;
    if let Some(persona) = changed {
        connection
            .prepare_cached("UPDATE training SET version = ?2 WHERE generation_id = ?1")?
            .execute(params![generation_id, signed(persona.version)])?;
    }
    Ok(())
}

pub(super) fn state(
    connection: &Connection,
    owner: &str,
    generation_id: &str,
) -> Result<Option<TrainingState>, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT persona.id, training.message, training.version
             FROM training JOIN persona ON persona.key = training.persona
             WHERE training.generation_id = ?1 AND persona.owner = ?2",
        )?
        .query_row([generation_id, owner], |row| {
            let version: Option<i64> = row.get(2)?;
            Ok(TrainingState {
                persona_id: row.get(0)?,
                message: row.get(1)?,
                version: version.map(|_| unsigned(row, 2)).transpose()?,
            })
        })
        .optional()?)
}

/// The oldest training that runs, of that persona or of any.
pub(super) fn running(
    connection: &Connection,
    owner: &str,
    persona_id: Option<&str>,
) -> Result<Option<String>, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT training.generation_id FROM generation INDEXED BY generation_running
             JOIN training ON training.generation_id = generation.id
             JOIN persona ON persona.key = training.persona
             WHERE generation.status = 'running' AND persona.owner = ?1
                 AND (?2 IS NULL OR persona.id = ?2)
             ORDER BY training.key LIMIT 1",
        )?
        .query_row(params![owner, persona_id], |row| row.get(0))
        .optional()?)
}

/// The number of the newest training of an owner's personas.
pub(super) fn newest(connection: &Connection, owner: &str) -> Result<u64, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT coalesce(max(training.key), 0) FROM training
             JOIN persona ON persona.key = training.persona WHERE persona.owner = ?1",
        )?
        .query_row([owner], |row| unsigned(row, 0))?)
}

/// The first training after that number, of that persona or of any.
pub(super) fn next(
    connection: &Connection,
    owner: &str,
    persona_id: Option<&str>,
    after: u64,
) -> Result<Option<String>, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT training.generation_id FROM training
             JOIN persona ON persona.key = training.persona
             WHERE training.key > ?3 AND persona.owner = ?1 AND (?2 IS NULL OR persona.id = ?2)
             ORDER BY training.key LIMIT 1",
        )?
        .query_row(params![owner, persona_id, signed(after)], |row| row.get(0))
        .optional()?)
}

/// The ids of a persona's trainings; none when there is no such persona.
pub(super) fn all(
    connection: &Connection,
    owner: &str,
    persona_id: &str,
) -> Result<Option<Vec<String>>, Error> {
    let Some(key) = persona::key(connection, owner, persona_id)? else { return Ok(None) };
    let mut statement =
        connection.prepare_cached("SELECT generation_id FROM training WHERE persona = ?1")?;
    let ids = statement.query_map([key], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(Some(ids))
}

/// Removes a persona with its versions and its trainings, which are `trainings`. `false` when there
/// is none.
///
/// # Errors
/// [`Error::Busy`] when a training runs, or one is not among `trainings`.
pub(super) fn delete(
    connection: &Connection,
    owner: &str,
    persona_id: &str,
    known: &[String],
) -> Result<bool, Error> {
    let Some(key) = persona::key(connection, owner, persona_id)? else { return Ok(false) };
    let trainings = all(connection, owner, persona_id)?.unwrap_or_default();
    if trainings.len() != known.len() || running(connection, owner, Some(persona_id))?.is_some() {
        return Err(Error::Busy);
    }
    write::delete(connection, &trainings)?;
    for sql in [
        "DELETE FROM training WHERE persona = ?1",
        "DELETE FROM persona_version WHERE persona = ?1",
        "DELETE FROM persona WHERE key = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([key])?;
    }
    Ok(true)
}
