use bytes::Bytes;
use protocol::{Listed, Listing, SearchQuery, Snapshot, Status};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::error::SqlError;
use super::number::{signed, unsigned};
use super::search;
use crate::saved::text;
use crate::{Batch, Error, Head, Unfinished};

/// The key of the generation of that id.
pub(crate) fn key(connection: &Connection, id: &str) -> Result<Option<i64>, SqlError> {
    let key = connection
        .prepare_cached("SELECT key FROM generation WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(key)
}

/// How far the log of the generation of that id reaches.
pub(crate) fn head(
    connection: &Connection,
    owner: &str,
    id: &str,
) -> Result<Option<Head>, SqlError> {
    let head = connection
        .prepare_cached(
            "SELECT (SELECT last FROM log WHERE generation = key ORDER BY last DESC LIMIT 1),
                 status != 'running'
             FROM generation WHERE id = ?1 AND owner = ?2",
        )?
        .query_row([id, owner], |row| Ok(Head { cursor: unsigned(row, 0)?, ended: row.get(1)? }))
        .optional()?;
    Ok(head)
}

/// The log from the event after `after` on, as many batches as fit.
pub(crate) fn frames(
    connection: &Connection,
    id: &str,
    after: u64,
    max_bytes: usize,
) -> Result<Vec<Batch>, SqlError> {
    let key = key(connection, id)?.ok_or(Error::UnknownGeneration)?;
    let mut statement = connection.prepare_cached(
        "SELECT first, last, frames FROM log
         WHERE generation = ?1 AND last > ?2 ORDER BY last",
    )?;
    let mut rows = statement.query(params![key, signed(after)])?;
    let mut batches = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let batch = batch(row)?.after(after).ok_or(Error::Corrupt)?;
        bytes += batch.frames.len();
        if bytes > max_bytes && !batches.is_empty() {
            break;
        }
        batches.push(batch);
        if bytes >= max_bytes {
            break;
        }
    }
    Ok(batches)
}

/// What the database gave, and what in memory follows it, as much as fits.
pub(crate) fn with_recent(stored: Vec<Batch>, recent: Vec<Batch>, max_bytes: usize) -> Vec<Batch> {
    let mut batches = stored;
    let mut bytes: usize = batches.iter().map(|batch| batch.frames.len()).sum();
    for batch in recent {
        let follows = batches.last().is_none_or(|last| batch.first == last.last + 1);
        if follows {
            bytes += batch.frames.len();
            if bytes > max_bytes && !batches.is_empty() {
                break;
            }
            batches.push(batch);
        }
    }
    batches
}

fn batch(row: &Row<'_>) -> rusqlite::Result<Batch> {
    Ok(Batch {
        first: unsigned(row, 0)?,
        last: unsigned(row, 1)?,
        frames: Bytes::from(row.get::<_, Vec<u8>>(2)?),
    })
}

/// The snapshot as last saved.
pub(crate) fn snapshot(
    connection: &Connection,
    owner: &str,
    id: &str,
) -> Result<Option<Snapshot>, SqlError> {
    connection
        .prepare_cached("SELECT snapshot FROM generation WHERE id = ?1 AND owner = ?2")?
        .query_row([id, owner], |row| row.get::<_, String>(0))
        .optional()?
        .map(|json| parse(&json))
        .transpose()
        .map_err(SqlError::from)
}

/// The text that was read.
pub(crate) fn input(
    connection: &Connection,
    owner: &str,
    id: &str,
) -> Result<Option<String>, SqlError> {
    let text = connection
        .prepare_cached(
            "SELECT text FROM input JOIN generation ON generation.key = input.generation
             WHERE generation.id = ?1 AND generation.owner = ?2",
        )?
        .query_row([id, owner], |row| row.get(0))
        .optional()?;
    Ok(text)
}

/// The generations of that node's that have not ended, oldest first.
pub(crate) fn unfinished(connection: &Connection, node: &str) -> Result<Vec<Unfinished>, SqlError> {
    let mut statement = connection.prepare_cached(
        "SELECT snapshot, owner FROM generation WHERE status = 'running' AND node = ?1
         ORDER BY key",
    )?;
    let mut rows = statement.query([node])?;
    let mut unfinished = Vec::new();
    while let Some(row) = rows.next()? {
        let snapshot = parse(&row.get::<_, String>(0)?)?;
        unfinished.push(Unfinished { owner: row.get(1)?, snapshot });
    }
    Ok(unfinished)
}

/// A page of an owner's history, newest first.
pub(crate) fn list(
    connection: &Connection,
    owner: &str,
    query: &str,
    before: Option<&str>,
    limit: usize,
) -> Result<Listing, SqlError> {
    let before = match before {
        Some(place) => place.parse().map_err(|_| Error::UnknownPlace)?,
        None => i64::MAX,
    };
    // One more than asked for tells whether more follow.
    let wanted = signed(limit as u64).saturating_add(1);
    let line = |row: &Row<'_>| Ok((listed(row)?, row.get::<_, i64>(7)?));
    let sought = SearchQuery::new(query);
    let mut lines: Vec<(Listed, i64)> = if query.trim().is_empty() {
        connection
            .prepare_cached(&format!(
                "SELECT {LINE} FROM generation
                 WHERE owner = ?1 AND kind = 'document' AND key < ?2 ORDER BY key DESC LIMIT ?3"
            ))?
            .query_map(params![owner, before, wanted], line)?
            .collect::<Result<_, _>>()?
    } else if let Some(expression) = search::expression(owner, sought.terms()) {
        connection
            .prepare_cached(&format!(
                "SELECT {LINE} FROM generation_search
                 JOIN generation ON generation.key = generation_search.rowid
                 WHERE generation_search MATCH ?1 AND generation_search.rowid < ?2
                     AND generation.owner = ?3
                 ORDER BY generation_search.rowid DESC LIMIT ?4"
            ))?
            .query_map(params![expression, before, owner, wanted], line)?
            .collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| more).map(|(_, key)| key.to_string());
    for (listed, key) in &mut lines {
        listed.excerpt = excerpt(connection, &sought, listed, *key)?;
    }
    Ok(Listing { generations: lines.into_iter().map(|(line, _)| line).collect(), next })
}

/// What is selected of each line, for [`listed`].
const LINE: &str = "id, status, title, preview, provider, model, created_ms, generation.key";

/// The surroundings of a hit that the title does not show: in the document, or else in the source.
fn excerpt(
    connection: &Connection,
    sought: &SearchQuery,
    listed: &Listed,
    key: i64,
) -> Result<Option<String>, SqlError> {
    if sought.terms().is_empty() || sought.is_in(&[&listed.title]) {
        return Ok(None);
    }
    let json: String = connection
        .prepare_cached("SELECT snapshot FROM generation WHERE key = ?1")?
        .query_row([key], |row| row.get(0))?;
    let written = text(&parse(&json)?);
    // The title is shown anyway.
    let beside = written.strip_prefix(&listed.title).unwrap_or(&written);
    if let Some(excerpt) = sought.excerpt(beside) {
        return Ok(Some(excerpt));
    }
    let source: String = connection
        .prepare_cached("SELECT text FROM input WHERE generation = ?1")?
        .query_row([key], |row| row.get(0))?;
    Ok(sought.excerpt(&source))
}

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        id: row.get(0)?,
        status: status(row, 1)?,
        title: row.get(2)?,
        preview: row.get(3)?,
        provider: row.get(4)?,
        model: row.get(5)?,
        created_ms: unsigned(row, 6)?,
        excerpt: None,
    })
}

fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<Status> {
    match row.get_ref(column)?.as_str()? {
        "running" => Ok(Status::Running),
        "completed" => Ok(Status::Completed),
        "stopped" => Ok(Status::Stopped),
        "failed" => Ok(Status::Failed),
        _ => Err(rusqlite::Error::InvalidColumnType(column, "status".into(), Type::Text)),
    }
}

/// Reads a stored snapshot.
pub(crate) fn parse(json: &str) -> Result<Snapshot, Error> {
    serde_json::from_str(json).map_err(|_| Error::Corrupt)
}
