//! The list of conversations.

use protocol::SearchQuery;
use protocol::conversation::{Listed, Listing};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use crate::Error;
use crate::sqlite::error::SqlError;
use crate::sqlite::number::{signed, unsigned};
use crate::sqlite::search::{self, CONVERSATION_OF_ROW};

/// What is selected of each line, for [`listed`].
const LINE: &str = "id, title, created_ms, updated_ms, persona_id, generation_id, active_seq, key";

/// A page of an owner's conversations, those with the newest messages first.
pub(super) fn list(
    connection: &Connection,
    owner: &str,
    query: &str,
    before: Option<&str>,
    limit: usize,
) -> Result<Listing, SqlError> {
    let before: i64 = match before {
        Some(place) => place.parse().map_err(|_| Error::UnknownPlace)?,
        None => i64::MAX,
    };
    let sought = SearchQuery::new(query);
    if !query.trim().is_empty() && sought.terms().is_empty() {
        return Ok(Listing::default());
    }
    let view = connection.unchecked_transaction()?;
    let running = super::entries::running(&view, owner)?;
    // Each term may stand in another of a conversation's messages.
    let mut values = vec![Value::from(owner.to_owned()), before.into()];
    let mut conditions = String::new();
    for term in sought.terms() {
        values.extend(search::expression(owner, std::slice::from_ref(term)).map(Value::from));
        conditions += &format!(
            " AND key IN (SELECT {CONVERSATION_OF_ROW} FROM conversation_search
                 WHERE conversation_search MATCH ?{})",
            values.len()
        );
    }
    values.push(signed(limit as u64).saturating_add(1).into());
    let mut statement = view.prepare(&format!(
        "SELECT {LINE} FROM conversation WHERE owner = ?1 AND active_seq < ?2{conditions}
         ORDER BY active_seq DESC LIMIT ?{}",
        values.len()
    ))?;
    let lines = statement.query_map(params_from_iter(values), |row| {
        Ok((listed(row)?, unsigned(row, 6)?, row.get::<_, i64>(7)?))
    })?;
    let mut lines = lines.collect::<Result<Vec<_>, _>>()?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| more).map(|(_, seq, _)| seq.to_string());
    for (listed, _, key) in &mut lines {
        let reply = running.iter().find(|reply| reply.conversation_id == listed.id);
        listed.reply_id = reply.map(|reply| reply.id.clone());
        listed.excerpt = excerpt(&view, owner, *key, &sought, &listed.title)?;
    }
    Ok(Listing { conversations: lines.into_iter().map(|(line, ..)| line).collect(), next })
}

/// The surroundings of a hit that the title does not show.
fn excerpt(
    connection: &Connection,
    owner: &str,
    conversation: i64,
    sought: &SearchQuery,
    title: &str,
) -> Result<Option<String>, SqlError> {
    if sought.terms().is_empty() || sought.is_in(&[title]) {
        return Ok(None);
    }
    let found = search::message_with(connection, owner, conversation, sought.terms())?;
    let Some(message) = found else { return Ok(None) };
    let text = search::message_text(connection, message)?;
    Ok(text.and_then(|text| sought.excerpt(&text)))
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
        excerpt: None,
    })
}
