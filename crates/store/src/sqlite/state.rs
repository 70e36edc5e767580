//! The one row that says how far the database itself has come.

use rusqlite::{Connection, OptionalExtension};

use super::error::SqlError;
use super::number::{signed, unsigned};
use crate::clock::Clock;

/// How many transactions it has taken: 0 before it counted them.
pub(crate) fn transactions(connection: &Connection) -> rusqlite::Result<u64> {
    let counts = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'state'", [], |_| Ok(()))
        .optional()?;
    match counts {
        Some(()) => {
            connection.query_row("SELECT transactions FROM state", [], |row| unsigned(row, 0))
        }
        None => Ok(0),
    }
}

/// Counts the transaction that is under way.
pub(crate) fn count_transaction(connection: &Connection) -> Result<u64, SqlError> {
    Ok(connection
        .prepare_cached("UPDATE state SET transactions = transactions + 1 RETURNING transactions")?
        .query_row([], |row| unsigned(row, 0))?)
}

/// What retention believes of the time; None before it asked.
pub(crate) fn clock(connection: &Connection) -> Result<Option<Clock>, SqlError> {
    let sql = "SELECT clock_ms, clock_doubted_ms FROM state WHERE clock_ms IS NOT NULL";
    let clock = connection.query_row(sql, [], |row| {
        let doubted_since_ms =
            row.get::<_, Option<i64>>(1)?.map(|_| unsigned(row, 1)).transpose()?;
        Ok(Clock { believed_ms: unsigned(row, 0)?, doubted_since_ms })
    });
    Ok(clock.optional()?)
}

/// Keeps that.
pub(crate) fn set_clock(connection: &Connection, clock: Clock) -> Result<(), SqlError> {
    let Clock { believed_ms, doubted_since_ms } = clock;
    connection.execute(
        "UPDATE state SET clock_ms = ?1, clock_doubted_ms = ?2",
        (signed(believed_ms), doubted_since_ms.map(signed)),
    )?;
    Ok(())
}
