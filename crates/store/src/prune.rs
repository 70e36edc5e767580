use rusqlite::{Connection, OptionalExtension};

use crate::clock::Clock;
use crate::number::{signed, unsigned};
use crate::{Error, Retention, state};

/// How many generations go in one transaction, so that no append waits long behind it.
const ROUND: usize = 32;

/// What [`Store::prune`](crate::Store::prune) did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pruned {
    /// How many generations were removed.
    pub removed: u64,
    /// The clock is far ahead of what is believed: ages are not counted from it for some days.
    pub clock_is_doubted: bool,
}

/// What is to go.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) ids: Vec<String>,
    pub(crate) clock_is_doubted: bool,
}

/// The first that `keep` has no place for, at most [`ROUND`]. Replies and trainings stay as long as
/// their conversations and personas: someone wants those until they delete them.
pub(crate) fn plan(connection: &Connection, keep: Retention, now_ms: u64) -> Result<Plan, Error> {
    let mut plan = Plan::default();
    let mut oldest_ms = 0;
    if let Some(max_age) = keep.max_age {
        let mut clock = state::clock(connection)?;
        if clock.is_none() {
            clock = newest(connection, now_ms)?.map(Clock::starting_at);
        }
        if let Some(mut clock) = clock {
            let max_age_ms = u64::try_from(max_age.as_millis()).unwrap_or(u64::MAX);
            oldest_ms = clock.read(now_ms).saturating_sub(max_age_ms);
            plan.clock_is_doubted = clock.doubted_since_ms.is_some();
            state::set_clock(connection, clock)?;
        }
    }
    let excess = match keep.max_bytes {
        Some(max_bytes) => stored_bytes(connection)?.saturating_sub(max_bytes),
        None => 0,
    };
    plan.ids = surplus(connection, oldest_ms, excess, now_ms)?;
    Ok(plan)
}

/// When the newest generation was created that is not of the future.
fn newest(connection: &Connection, now_ms: u64) -> Result<Option<u64>, Error> {
    let sql = "SELECT created_ms FROM generation WHERE created_ms <= ?1
               ORDER BY created_ms DESC LIMIT 1";
    Ok(connection.query_row(sql, [signed(now_ms)], |row| unsigned(row, 0)).optional()?)
}

fn stored_bytes(connection: &Connection) -> Result<u64, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT coalesce(sum(bytes), 0) FROM generation
             WHERE status != 'running' AND kind = 'document'",
        )?
        .query_row([], |row| unsigned(row, 0))?)
}

/// Those that were created before `oldest_ms`, and as many as take `excess` bytes, in the order of
/// creation: the clock may have been wrong when they were. So the first that is young enough keeps
/// those that came after it, but for one that bears a time yet to come.
fn surplus(
    connection: &Connection,
    oldest_ms: u64,
    mut excess: u64,
    now_ms: u64,
) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT id, created_ms, bytes FROM generation
         WHERE status != 'running' AND kind = 'document' ORDER BY key",
    )?;
    let mut rows = statement.query([])?;
    let mut ids = Vec::new();
    while ids.len() < ROUND
        && let Some(row) = rows.next()?
    {
        let created_ms = unsigned(row, 1)?;
        if excess > 0 || created_ms < oldest_ms {
            excess = excess.saturating_sub(unsigned(row, 2)?);
            ids.push(row.get(0)?);
        } else if created_ms <= now_ms {
            break;
        }
    }
    Ok(ids)
}
