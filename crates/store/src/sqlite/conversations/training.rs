//! Trainings: generations that write a persona's next profile.

use protocol::conversation::{Origin, Persona};
use rusqlite::{Connection, OptionalExtension, params};

use super::persona;
use crate::saved::{Saved, Trained};
use crate::sqlite::error::SqlError;
use crate::sqlite::number::{signed, unsigned};
use crate::sqlite::write;
use crate::{Error, PersonaChange, TrainingOutcome, TrainingRecord, TrainingState};

/// Stores a training, and gives the persona as it is; else says why not.
pub(super) fn store(
    connection: &Connection,
    training: &TrainingRecord,
    saved: &Saved,
) -> Result<Result<Persona, TrainingOutcome>, SqlError> {
    let owner = &training.generation.owner;
    let id = &training.persona_id;
    let (Some(key), Some(persona)) =
        (persona::key(connection, owner, id)?, persona::find(connection, owner, id)?)
    else {
        return Ok(Err(TrainingOutcome::UnknownPersona));
    };
    if let Some(running) = persona.training_id {
        return Ok(Err(TrainingOutcome::Running(running)));
    }
    write::create(connection, &training.generation, saved)?;
    connection
        .prepare_cached(
            "INSERT INTO training (generation_id, persona, message) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![saved.id, key, training.message])?;
    Ok(Ok(persona))
}

/// Makes the version that a completed training leads to, unless that was done before.
pub(crate) fn complete(
    connection: &Connection,
    generation_id: &str,
    trained: &Trained,
) -> Result<(), SqlError> {
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
    let change =
        PersonaChange { profile: Some(trained.profile.clone()), ..PersonaChange::default() };
    let changed =
        persona::change(connection, &owner, &id, &change, Origin::Trained, trained.ended_ms)?;
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
) -> Result<Option<TrainingState>, SqlError> {
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
) -> Result<Option<String>, SqlError> {
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
pub(super) fn newest(connection: &Connection, owner: &str) -> Result<u64, SqlError> {
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
) -> Result<Option<String>, SqlError> {
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
) -> Result<Option<Vec<String>>, SqlError> {
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
) -> Result<bool, SqlError> {
    let Some(key) = persona::key(connection, owner, persona_id)? else { return Ok(false) };
    let trainings = all(connection, owner, persona_id)?.unwrap_or_default();
    if trainings.len() != known.len() || running(connection, owner, Some(persona_id))?.is_some() {
        return Err(Error::Busy.into());
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
