use rusqlite::{Connection, params};

use crate::number::signed;
use crate::write::remove;
use crate::{Error, Retention};

/// How many generations go in one transaction, so that no append waits long behind it.
const ROUND: usize = 32;

/// Removes the oldest that `keep` has no place for, at most [`ROUND`], and counts them.
pub(crate) fn prune(connection: &Connection, keep: Retention, now_ms: u64) -> Result<u64, Error> {
    let oldest_ms = keep
        .max_age
        .map_or(0, |age| now_ms.saturating_sub(u64::try_from(age.as_millis()).unwrap_or(u64::MAX)));
    let mut excess = match keep.max_bytes {
        Some(max_bytes) => stored_bytes(connection)?.saturating_sub(signed(max_bytes)),
        None => 0,
    };
    let mut removed = 0;
    for (key, created_ms, bytes) in oldest(connection)? {
        if excess <= 0 && created_ms >= signed(oldest_ms) {
            break;
        }
        remove(connection, key)?;
        excess -= bytes;
        removed += 1;
    }
    Ok(removed)
}

fn stored_bytes(connection: &Connection) -> Result<i64, Error> {
    Ok(connection
        .prepare_cached("SELECT coalesce(sum(bytes), 0) FROM generation WHERE status != 'running'")?
        .query_row([], |row| row.get(0))?)
}

/// Key, time of birth and size of the oldest that have ended.
fn oldest(connection: &Connection) -> Result<Vec<(i64, i64, i64)>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT key, created_ms, bytes FROM generation WHERE status != 'running'
         ORDER BY created_ms, key LIMIT ?1",
    )?;
    let rows = statement.query_map(params![signed(ROUND as u64)], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
