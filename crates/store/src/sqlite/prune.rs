use rusqlite::{Connection, OptionalExtension};

use super::error::SqlError;
use super::number::{signed, unsigned};
use super::state;
use crate::Retention;
use crate::clock::Clock;
use crate::retention::{ROUND, Surplus, Verdict};

/// What is to go.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) ids: Vec<String>,
    pub(crate) clock_is_doubted: bool,
}

/// The first that `keep` has no place for, at most [`ROUND`]. Replies and trainings stay as long as
/// their conversations and personas: someone wants those until they delete them.
pub(crate) fn plan(
    connection: &Connection,
    keep: Retention,
    now_ms: u64,
) -> Result<Plan, SqlError> {
    let mut plan = Plan::default();
    let mut oldest_ms = 0;
    if let Some(max_age) = keep.max_age {
        let mut clock = state::clock(connection)?;
        if clock.is_none() {
            clock = newest(connection, now_ms)?.map(Clock::starting_at);
        }
        if let Some(mut clock) = clock {
            oldest_ms = clock.oldest_ms(now_ms, max_age);
            plan.clock_is_doubted = clock.doubted_since_ms.is_some();
            state::set_clock(connection, clock)?;
        }
    }
    let excess = match keep.max_bytes {
        Some(max_bytes) => stored_bytes(connection)?.saturating_sub(max_bytes),
        None => 0,
    };
    plan.ids = surplus(connection, Surplus { oldest_ms, excess, now_ms })?;
    Ok(plan)
}

/// When the newest generation was created that is not of the future.
fn newest(connection: &Connection, now_ms: u64) -> Result<Option<u64>, SqlError> {
    let sql = "SELECT created_ms FROM generation WHERE created_ms <= ?1
               ORDER BY created_ms DESC LIMIT 1";
    Ok(connection.query_row(sql, [signed(now_ms)], |row| unsigned(row, 0)).optional()?)
}

fn stored_bytes(connection: &Connection) -> Result<u64, SqlError> {
    Ok(connection
        .prepare_cached(
            "SELECT coalesce(sum(bytes), 0) FROM generation
             WHERE status != 'running' AND kind = 'document'",
        )?
        .query_row([], |row| unsigned(row, 0))?)
}

/// What goes first, at most [`ROUND`].
fn surplus(connection: &Connection, mut surplus: Surplus) -> Result<Vec<String>, SqlError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, created_ms, bytes FROM generation
         WHERE status != 'running' AND kind = 'document' ORDER BY key",
    )?;
    let mut rows = statement.query([])?;
    let mut ids = Vec::new();
    while ids.len() < ROUND
        && let Some(row) = rows.next()?
    {
        match surplus.judge(unsigned(row, 1)?, unsigned(row, 2)?) {
            Verdict::Goes => ids.push(row.get(0)?),
            Verdict::Stays => {}
            Verdict::StaysWithTheRest => break,
        }
    }
    Ok(ids)
}
