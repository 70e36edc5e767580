//! The list of conversations.

use protocol::conversation::{Listed, Listing};
use rusqlite::{Connection, Row, params};

use crate::Error;
use crate::sqlite::error::SqlError;
use crate::sqlite::number::unsigned;

/// A page of an owner's conversations, those with the newest messages first.
pub(super) fn list(
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
    let view = connection.unchecked_transaction()?;
    let running = super::entries::running(&view, owner)?;
    let mut statement = view.prepare_cached(
        "SELECT id, title, created_ms, updated_ms, persona_id, generation_id, active_seq, key
         FROM conversation WHERE owner = ?1 AND active_seq < ?2 ORDER BY active_seq DESC",
    )?;
    let mut rows = statement.query(params![owner, before])?;
    let query = query.to_lowercase();
    let mut listing = Listing::default();
    let mut last = 0;
    while let Some(row) = rows.next()? {
        let mut listed = listed(row)?;
        if !query.is_empty() && !is_found(&view, &listed, row.get(7)?, &query)? {
            continue;
        }
        if listing.conversations.len() == limit {
            listing.next = Some(u64::to_string(&last));
            break;
        }
        last = unsigned(row, 6)?;
        let reply = running.iter().find(|reply| reply.conversation_id == listed.id);
        listed.reply_id = reply.map(|reply| reply.id.clone());
        listing.conversations.push(listed);
    }
    Ok(listing)
}

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        id: row.get(0)?,
        title: row.get(1)?,
        created_ms: unsigned(row, 2)?,
        updated_ms: unsigned(row, 3)?,
        persona_id: row.get(4)?,
        generation_id: row.get(5)?,
        reply_id: None,
    })
}

/// Whether the title or a user's message contains `query`, which is in lower case.
///
/// SQLite folds the case of ASCII letters only, so the texts are looked through here.
fn is_found(
    connection: &Connection,
    listed: &Listed,
    conversation: i64,
    query: &str,
) -> Result<bool, SqlError> {
    if listed.title.to_lowercase().contains(query) {
        return Ok(true);
    }
    let mut statement = connection
        .prepare_cached("SELECT content FROM message WHERE conversation = ?1 AND role = 'user'")?;
    let mut rows = statement.query([conversation])?;
    while let Some(row) = rows.next()? {
        let content = row.get_ref(0)?.as_str().map_err(|_| Error::Corrupt)?;
        if content.to_lowercase().contains(query) {
            return Ok(true);
        }
    }
    Ok(false)
}
