use std::slice;

use protocol::Status;
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::conversations::training;
use super::error::SqlError;
use super::number::signed;
use super::read::{self, parse};
use super::search;
use crate::saved::{Saved, word};
use crate::{Batch, Earlier, Error, Idempotency, Record};

/// How long a row of the log may become by joining batches, in bytes.
const ROW_BYTES: usize = 32 * 1024;

/// Stores a generation with the beginning of its log, unless a request with the same key was made
/// before.
pub(crate) fn create(
    connection: &Connection,
    record: &Record,
    saved: &Saved,
) -> Result<Option<Earlier>, SqlError> {
    if let Some(idempotency) = &record.idempotency
        && let Some(earlier) = repeated(connection, &record.owner, idempotency)?
    {
        return Ok(Some(earlier));
    }
    let idempotency = record.idempotency.as_ref();
    connection
        .prepare_cached(
            "INSERT INTO generation (id, owner, node, idempotency_key, fingerprint, status, created_ms,
                 bytes, provider, model, title, preview, search, snapshot, kind)
             VALUES (:id, :owner, :node, :idempotency_key, :fingerprint, :status, :created_ms,
                 :bytes, :provider, :model, :title, :preview, :search, :snapshot, :kind)",
        )?
        .execute(named_params! {
            ":id": saved.id,
            ":owner": record.owner,
            ":node": record.node,
            ":idempotency_key": idempotency.map(|idempotency| &idempotency.key),
            ":fingerprint": idempotency.map(|idempotency| &idempotency.fingerprint),
            ":status": saved.status,
            ":created_ms": signed(record.snapshot.created_ms),
            ":bytes": signed(record.input.len() as u64),
            ":provider": record.snapshot.provider,
            ":model": record.snapshot.model,
            ":title": saved.title,
            ":preview": record.snapshot.preview,
            ":search": "",
            ":snapshot": saved.json,
            ":kind": saved.kind,
        })?;
    let key = connection.last_insert_rowid();
    connection
        .prepare_cached("INSERT INTO input (generation, text) VALUES (?1, ?2)")?
        .execute(params![key, record.input])?;
    insert(connection, key, &record.first)?;
    search::index_generation(connection, key)?;
    Ok(None)
}

/// What was made of an earlier request with the same key.
pub(crate) fn repeated(
    connection: &Connection,
    owner: &str,
    idempotency: &Idempotency,
) -> Result<Option<Earlier>, SqlError> {
    let earlier: Option<(Vec<u8>, String)> = connection
        .prepare_cached(
            "SELECT fingerprint, snapshot FROM generation
             WHERE owner = ?1 AND idempotency_key = ?2",
        )?
        .query_row(params![owner, idempotency.key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match earlier {
        None => None,
        Some((fingerprint, json)) if fingerprint == idempotency.fingerprint => {
            Some(Earlier::SameRequest(Box::new(parse(&json)?)))
        }
        Some(_) => Some(Earlier::OtherRequest),
    })
}

/// Ends a log that runs with its last batch, unless just that was done before. The end of a
/// completed training makes its persona's next version.
pub(crate) fn end(
    connection: &Connection,
    id: &str,
    last: &Batch,
    saved: &Saved,
) -> Result<(), SqlError> {
    let log = Stored::find(connection, id)?.ok_or(Error::UnknownGeneration)?;
    if !log.is_running {
        let was_done = log.ends_with(connection, last)?;
        return if was_done { Ok(()) } else { Err(Error::OutOfOrder.into()) };
    }
    log.extend(connection, slice::from_ref(last))?;
    if let Some(trained) = &saved.trained {
        training::complete(connection, id, trained)?;
    }
    save(connection, log.key, saved)?;
    search::index_generation(connection, log.key)?;
    search::index_reply(connection, id)
}

/// Gives a new log, whose snapshot is that of its end, what follows its beginning.
pub(crate) fn complete(
    connection: &Connection,
    id: &str,
    rest: &[Batch],
    saved: &Saved,
) -> Result<(), SqlError> {
    let log = Stored::find(connection, id)?.ok_or(Error::UnknownGeneration)?;
    log.extend(connection, rest)?;
    save(connection, log.key, saved)
}

/// Writes down who runs a generation from now on, and gives the last event that the database has.
pub(crate) fn resume(connection: &Connection, node: &str, id: &str) -> Result<u64, SqlError> {
    let log = Stored::find(connection, id)?.ok_or(Error::UnknownGeneration)?;
    if !log.is_running {
        return Err(Error::OutOfOrder.into());
    }
    connection
        .prepare_cached("UPDATE generation SET node = ?2 WHERE key = ?1")?
        .execute(params![log.key, node])?;
    u64::try_from(log.last).map_err(|_| Error::Corrupt.into())
}

/// How much of a generation's batches the database has a place for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follows {
    /// All of them.
    All,
    /// Not those after a gap, or after the end of the log.
    Partly,
    /// None: it does not know the generation.
    Unknown,
}

/// Adds those of `batches` that a running log does not have yet. What does not follow is left out.
pub(crate) fn catch_up(
    connection: &Connection,
    id: &str,
    batches: &[Batch],
) -> Result<Follows, SqlError> {
    let Some(log) = Stored::find(connection, id)? else {
        return Ok(Follows::Unknown);
    };
    let known = batches.partition_point(|batch| signed(batch.last) <= log.last);
    if !log.is_running {
        // The one that was under way when the last batch came is not of the log, and begins where
        // that does.
        let is_beyond = |batch: &Batch| signed(batch.first) > log.last;
        let is_late = batches[known..].iter().any(is_beyond);
        return Ok(if is_late { Follows::Partly } else { Follows::All });
    }
    match log.extend(connection, &batches[known..]) {
        Ok(()) => Ok(Follows::All),
        Err(SqlError::Store(Error::OutOfOrder)) => Ok(Follows::Partly),
        Err(error) => Err(error),
    }
}

/// A log as the database has it.
struct Stored {
    key: i64,
    is_running: bool,
    last: i64,
}

impl Stored {
    fn find(connection: &Connection, id: &str) -> Result<Option<Self>, SqlError> {
        let log = connection
            .prepare_cached(
                "SELECT key, status,
                     (SELECT last FROM log WHERE generation = key ORDER BY last DESC LIMIT 1)
                 FROM generation WHERE id = ?1",
            )?
            .query_row([id], |row| {
                let status: String = row.get(1)?;
                let is_running = status == word(Status::Running);
                Ok(Self { key: row.get(0)?, is_running, last: row.get(2)? })
            })
            .optional()?;
        Ok(log)
    }

    /// Whether `batch` is the last row.
    fn ends_with(&self, connection: &Connection, batch: &Batch) -> Result<bool, SqlError> {
        let is_there = connection
            .prepare_cached(
                "SELECT 1 FROM log
                 WHERE generation = ?1 AND last = ?2 AND first = ?3 AND frames = ?4",
            )?
            .exists(params![self.key, self.last, signed(batch.first), &batch.frames[..]])?;
        Ok(is_there && self.last == signed(batch.last))
    }

    fn extend(&self, connection: &Connection, batches: &[Batch]) -> Result<(), SqlError> {
        let mut last = self.last;
        for batch in join(batches) {
            if signed(batch.first) != last + 1 || batch.last < batch.first {
                return Err(Error::OutOfOrder.into());
            }
            insert(connection, self.key, &batch)?;
            last = signed(batch.last);
        }
        Ok(())
    }
}

/// Neighbours as one, up to [`ROW_BYTES`]: fewer rows to keep, and to read again.
fn join(batches: &[Batch]) -> Vec<Batch> {
    let mut joined: Vec<Batch> = Vec::new();
    let mut rest = batches;
    while let Some(first) = rest.first() {
        let mut bytes = 0;
        let together = rest.iter().zip(&rest[1..]).take_while(|(batch, next)| {
            bytes += batch.frames.len();
            next.first == batch.last + 1 && bytes + next.frames.len() <= ROW_BYTES
        });
        let count = together.count() + 1;
        let frames: Vec<&[u8]> = rest[..count].iter().map(|batch| &batch.frames[..]).collect();
        let last = rest[count - 1].last;
        joined.push(Batch { first: first.first, last, frames: frames.concat().into() });
        rest = &rest[count..];
    }
    joined
}

fn insert(connection: &Connection, key: i64, batch: &Batch) -> Result<(), SqlError> {
    connection
        .prepare_cached(
            "INSERT INTO log (generation, last, first, frames) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![key, signed(batch.last), signed(batch.first), &batch.frames[..]])?;
    Ok(())
}

fn save(connection: &Connection, key: i64, saved: &Saved) -> Result<(), SqlError> {
    connection
        .prepare_cached(
            "UPDATE generation SET status = :status, title = :title, snapshot = :snapshot,
                 bytes = bytes + :more + (SELECT sum(length(frames)) FROM log WHERE generation = :key)
             WHERE key = :key",
        )?
        .execute(named_params! {
            ":key": key,
            ":status": saved.status,
            ":title": saved.title,
            ":snapshot": saved.json,
            ":more": signed((saved.json.len() + saved.text.len()) as u64),
        })?;
    Ok(())
}

/// Removes generations with all that belongs to them, and counts those that were there.
pub(crate) fn delete(connection: &Connection, ids: &[String]) -> Result<u64, SqlError> {
    let mut deleted = 0;
    for id in ids {
        if let Some(key) = read::key(connection, id)? {
            remove(connection, key)?;
            deleted += 1;
        }
    }
    Ok(deleted)
}

fn remove(connection: &Connection, key: i64) -> Result<(), SqlError> {
    search::remove_generation(connection, key)?;
    connection.prepare_cached("DELETE FROM log WHERE generation = ?1")?.execute([key])?;
    connection.prepare_cached("DELETE FROM input WHERE generation = ?1")?.execute([key])?;
    connection.prepare_cached("DELETE FROM generation WHERE key = ?1")?.execute([key])?;
    Ok(())
}
