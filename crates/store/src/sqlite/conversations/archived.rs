//! Conversations and personas as they are exported.

use protocol::conversation::Role;
use rusqlite::{Connection, OptionalExtension, params};

use super::persona;
use crate::archive::{ArchivedConversation, ArchivedMessage, ArchivedPersona};
use crate::sqlite::archive::whole;
use crate::sqlite::error::SqlError;
use crate::sqlite::number::{signed, unsigned};

/// The first persona of an owner after `key`.
pub(crate) fn persona(
    connection: &Connection,
    owner: &str,
    key: u64,
) -> Result<Option<(u64, ArchivedPersona)>, SqlError> {
    let found = connection
        .prepare_cached(
            "SELECT key, id FROM persona WHERE owner = ?1 AND key > ?2 ORDER BY key LIMIT 1",
        )?
        .query_row(params![owner, signed(key)], |row| Ok((unsigned(row, 0)?, row.get(1)?)))
        .optional()?;
    let Some((key, id)) = found else { return Ok(None) };
    let id: String = id;
    let newest_first = persona::versions(connection, owner, &id, None, usize::MAX)?;
    let mut versions = newest_first.unwrap_or_default().versions;
    versions.reverse();
    Ok(Some((key, ArchivedPersona { id, versions })))
}

/// The first conversation of an owner after `key`.
pub(crate) fn conversation(
    connection: &Connection,
    owner: &str,
    key: u64,
) -> Result<Option<(u64, ArchivedConversation)>, SqlError> {
    Ok(connection
        .prepare_cached(
            "SELECT key, id, title, title_origin, created_ms, updated_ms, persona_id,
                 generation_id, leaf_id
             FROM conversation WHERE owner = ?1 AND key > ?2 ORDER BY key LIMIT 1",
        )?
        .query_row(params![owner, signed(key)], |row| {
            let conversation = ArchivedConversation {
                id: row.get(1)?,
                title: row.get(2)?,
                title_origin: row.get(3)?,
                created_ms: unsigned(row, 4)?,
                updated_ms: unsigned(row, 5)?,
                persona_id: row.get(6)?,
                generation_id: row.get(7)?,
                leaf_id: row.get(8)?,
            };
            Ok((unsigned(row, 0)?, conversation))
        })
        .optional()?)
}

/// The first message of a conversation after `key` that is not being written.
pub(crate) fn message(
    connection: &Connection,
    owner: &str,
    conversation: u64,
    key: u64,
) -> Result<Option<(u64, ArchivedMessage)>, SqlError> {
    let found = connection
        .prepare_cached(
            "SELECT message.key, message.id, conversation.id, message.parent_id, message.role,
                 message.content, message.created_ms, message.persona_id
             FROM message JOIN conversation ON conversation.key = message.conversation
             LEFT JOIN generation ON generation.id = message.id
             WHERE message.conversation = ?1 AND message.key > ?2 AND conversation.owner = ?3
                 AND generation.status IS NOT 'running'
             ORDER BY message.key LIMIT 1",
        )?
        .query_row(params![signed(conversation), signed(key), owner], |row| {
            let is_reply = row.get_ref(4)?.as_str()? == "assistant";
            let message = ArchivedMessage {
                id: row.get(1)?,
                conversation_id: row.get(2)?,
                parent_id: row.get(3)?,
                role: if is_reply { Role::Assistant } else { Role::User },
                content: row.get(5)?,
                created_ms: unsigned(row, 6)?,
                persona_id: row.get(7)?,
                reply: None,
            };
            Ok((unsigned(row, 0)?, message))
        })
        .optional()?;
    let Some((key, mut message)) = found else { return Ok(None) };
    if message.role == Role::Assistant {
        message.reply = whole(connection, owner, &message.id)?;
    }
    Ok(Some((key, message)))
}
