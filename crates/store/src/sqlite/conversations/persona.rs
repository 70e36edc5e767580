//! Personas and their versions. What a persona is, is its newest version.

use protocol::conversation::{Origin, Persona, PersonaListing, PersonaVersion, PersonaVersions};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::sqlite::error::SqlError;
use crate::sqlite::number::{signed, unsigned};
use crate::{Error, PersonaChange};

/// What is selected of each, for [`persona`].
const PERSONA: &str = "SELECT persona.id, name, instruction, profile, persona.version, created_ms,
         (SELECT training.generation_id FROM training
          JOIN generation ON generation.id = training.generation_id
          WHERE training.persona = persona.key AND generation.status = 'running'),
         persona.key
     FROM persona JOIN persona_version
         ON persona_version.persona = persona.key AND persona_version.version = persona.version";

pub(super) fn exists(connection: &Connection, owner: &str, id: &str) -> Result<bool, SqlError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM persona WHERE id = ?1 AND owner = ?2")?
        .exists([id, owner])?)
}

pub(super) fn key(connection: &Connection, owner: &str, id: &str) -> Result<Option<i64>, SqlError> {
    Ok(connection
        .prepare_cached("SELECT key FROM persona WHERE id = ?1 AND owner = ?2")?
        .query_row([id, owner], |row| row.get(0))
        .optional()?)
}

pub(super) fn create(
    connection: &Connection,
    owner: &str,
    persona: &Persona,
) -> Result<(), SqlError> {
    connection
        .prepare_cached("INSERT INTO persona (id, owner, version) VALUES (?1, ?2, 1)")?
        .execute([&persona.id, owner])?;
    insert(connection, connection.last_insert_rowid(), persona, Origin::Created)
}

fn insert(
    connection: &Connection,
    key: i64,
    persona: &Persona,
    origin: Origin,
) -> Result<(), SqlError> {
    let version = PersonaVersion {
        version: persona.version,
        name: persona.name.clone(),
        instruction: persona.instruction.clone(),
        profile: persona.profile.clone(),
        origin,
        created_ms: persona.updated_ms,
    };
    insert_version(connection, key, &version)
}

/// Adds a version to the persona of that key.
pub(super) fn insert_version(
    connection: &Connection,
    key: i64,
    version: &PersonaVersion,
) -> Result<(), SqlError> {
    connection
        .prepare_cached(
            "INSERT INTO persona_version (persona, version, name, instruction, profile, origin,
                 created_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            key,
            signed(version.version),
            version.name,
            version.instruction,
            version.profile,
            word(version.origin),
            signed(version.created_ms),
        ])?;
    Ok(())
}

pub(super) fn find(
    connection: &Connection,
    owner: &str,
    id: &str,
) -> Result<Option<Persona>, SqlError> {
    Ok(connection
        .prepare_cached(&format!("{PERSONA} WHERE persona.id = ?1 AND owner = ?2"))?
        .query_row([id, owner], persona)
        .optional()?)
}

fn persona(row: &Row<'_>) -> rusqlite::Result<Persona> {
    Ok(Persona {
        id: row.get(0)?,
        name: row.get(1)?,
        instruction: row.get(2)?,
        profile: row.get(3)?,
        version: unsigned(row, 4)?,
        updated_ms: unsigned(row, 5)?,
        training_id: row.get(6)?,
    })
}

/// Makes a new version, unless it would be as the one before.
pub(super) fn change(
    connection: &Connection,
    owner: &str,
    id: &str,
    change: &PersonaChange,
    origin: Origin,
    now_ms: u64,
) -> Result<Option<Persona>, SqlError> {
    let (Some(key), Some(before)) = (key(connection, owner, id)?, find(connection, owner, id)?)
    else {
        return Ok(None);
    };
    let mut after = before.clone();
    after.name = change.name.clone().unwrap_or(after.name);
    after.instruction = change.instruction.clone().unwrap_or(after.instruction);
    after.profile = change.profile.clone().unwrap_or(after.profile);
    if after == before && origin == Origin::Edited {
        return Ok(Some(before));
    }
    after.version += 1;
    after.updated_ms = now_ms;
    insert(connection, key, &after, origin)?;
    connection
        .prepare_cached("UPDATE persona SET version = ?2 WHERE key = ?1")?
        .execute(params![key, signed(after.version)])?;
    Ok(Some(after))
}

/// Makes a new version that is what that one was. None when there is no such version.
pub(super) fn restore(
    connection: &Connection,
    owner: &str,
    id: &str,
    version: u64,
    now_ms: u64,
) -> Result<Option<Persona>, SqlError> {
    let Some(key) = key(connection, owner, id)? else { return Ok(None) };
    let older = connection
        .prepare_cached(
            "SELECT name, instruction, profile FROM persona_version
             WHERE persona = ?1 AND version = ?2",
        )?
        .query_row(params![key, signed(version)], |row| {
            Ok(PersonaChange { name: row.get(0)?, instruction: row.get(1)?, profile: row.get(2)? })
        })
        .optional()?;
    match older {
        Some(older) => change(connection, owner, id, &older, Origin::Restored, now_ms),
        None => Ok(None),
    }
}

pub(super) fn list(
    connection: &Connection,
    owner: &str,
    before: Option<&str>,
    limit: usize,
) -> Result<PersonaListing, SqlError> {
    let mut statement = connection.prepare_cached(&format!(
        "{PERSONA} WHERE owner = ?1 AND persona.key < ?2 ORDER BY persona.key DESC LIMIT ?3"
    ))?;
    let rows = statement
        .query_map(params![owner, place(before)?, limit_and_one(limit)], |row| {
            Ok((persona(row)?, row.get(7)?))
        })?;
    let (personas, next) = page(rows.collect::<Result<_, _>>()?, limit);
    Ok(PersonaListing { personas, next })
}

pub(super) fn versions(
    connection: &Connection,
    owner: &str,
    id: &str,
    before: Option<&str>,
    limit: usize,
) -> Result<Option<PersonaVersions>, SqlError> {
    let Some(key) = key(connection, owner, id)? else { return Ok(None) };
    let mut statement = connection.prepare_cached(
        "SELECT version, name, instruction, profile, origin, created_ms FROM persona_version
         WHERE persona = ?1 AND version < ?2 ORDER BY version DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(params![key, place(before)?, limit_and_one(limit)], |row| {
        let version = PersonaVersion {
            version: unsigned(row, 0)?,
            name: row.get(1)?,
            instruction: row.get(2)?,
            profile: row.get(3)?,
            origin: origin(row.get_ref(4)?.as_str()?),
            created_ms: unsigned(row, 5)?,
        };
        Ok((version, row.get(0)?))
    })?;
    let (versions, next) = page(rows.collect::<Result<_, _>>()?, limit);
    Ok(Some(PersonaVersions { versions, next }))
}

fn place(before: Option<&str>) -> Result<i64, SqlError> {
    before.map_or(Ok(i64::MAX), |place| place.parse().map_err(|_| Error::UnknownPlace.into()))
}

/// One more than asked for tells whether more follow.
fn limit_and_one(limit: usize) -> i64 {
    signed(limit as u64).saturating_add(1)
}

/// The first `limit` of what was found, and where the next page begins.
fn page<T>(mut found: Vec<(T, i64)>, limit: usize) -> (Vec<T>, Option<String>) {
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|(_, key)| key.to_string());
    (found.into_iter().map(|(item, _)| item).collect(), next)
}

fn word(origin: Origin) -> &'static str {
    match origin {
        Origin::Created => "created",
        Origin::Edited => "edited",
        Origin::Trained => "trained",
        Origin::Restored => "restored",
    }
}

fn origin(word: &str) -> Origin {
    match word {
        "edited" => Origin::Edited,
        "trained" => Origin::Trained,
        "restored" => Origin::Restored,
        _ => Origin::Created,
    }
}
