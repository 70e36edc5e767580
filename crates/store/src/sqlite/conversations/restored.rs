//! Conversations and personas as they are imported.

use rusqlite::{Connection, OptionalExtension, params};

use super::turn::{self, MessageRow};
use super::{entries, persona as personas};
use crate::archive::{ArchivedConversation, ArchivedMessage, ArchivedPersona};
use crate::sqlite::error::SqlError;
use crate::sqlite::number::signed;
use crate::sqlite::search;
use crate::{Error, TitleOrigin};

pub(crate) fn persona(
    connection: &Connection,
    owner: &str,
    id: &str,
    archived: &ArchivedPersona,
) -> Result<(), SqlError> {
    connection
        .prepare_cached("INSERT INTO persona (id, owner, version) VALUES (?1, ?2, ?3)")?
        .execute(params![id, owner, signed(archived.versions.len() as u64)])?;
    let key = connection.last_insert_rowid();
    archived
        .versions
        .iter()
        .try_for_each(|version| personas::insert_version(connection, key, version))
}

/// Stores a conversation that has no messages yet, and gives its key.
pub(crate) fn conversation(
    connection: &Connection,
    owner: &str,
    id: &str,
    archived: &ArchivedConversation,
) -> Result<i64, SqlError> {
    connection
        .prepare_cached(
            "INSERT INTO conversation (id, owner, title, title_origin, created_ms, updated_ms,
                 persona_id, generation_id, leaf_id, active_seq, changed_seq)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', 0, 0)",
        )?
        .execute(params![
            id,
            owner,
            archived.title,
            TitleOrigin::read(&archived.title_origin).word(),
            signed(archived.created_ms),
            signed(archived.updated_ms),
            archived.persona_id,
            archived.generation_id,
        ])?;
    let key = connection.last_insert_rowid();
    search::index_title(connection, key)?;
    Ok(key)
}

/// Stores a message of a conversation that is there. One that follows nothing that is there is left
/// out.
pub(crate) fn message(
    connection: &Connection,
    owner: &str,
    id: &str,
    archived: &ArchivedMessage,
) -> Result<(), SqlError> {
    let conversation = connection
        .prepare_cached("SELECT key FROM conversation WHERE id = ?1 AND owner = ?2")?
        .query_row([&archived.conversation_id, owner], |row| row.get(0))
        .optional()?;
    let conversation: i64 = conversation.ok_or(Error::Corrupt)?;
    let depth: Option<i64> = match &archived.parent_id {
        None => Some(0),
        Some(parent) => connection
            .prepare_cached("SELECT depth FROM message WHERE id = ?1 AND conversation = ?2")?
            .query_row(params![parent, conversation], |row| row.get(0))
            .optional()?,
    };
    let row = MessageRow {
        conversation,
        id,
        parent_id: archived.parent_id.as_deref(),
        depth: depth.ok_or(Error::Corrupt)? + 1,
        role: archived.role,
        content: &archived.content,
        persona_id: archived.persona_id.as_deref(),
        created_ms: archived.created_ms,
        seq: entries::next(connection, owner)?,
    };
    turn::insert(connection, &row)?;
    search::index_message(connection, connection.last_insert_rowid()).map(|_| ())
}

/// Makes a conversation the one that was active last, showing the branch of `leaf_id` or, where that
/// is not there, of its last message. One without messages is removed: `false`.
pub(crate) fn finish(
    connection: &Connection,
    owner: &str,
    key: i64,
    leaf_id: &str,
) -> Result<bool, SqlError> {
    let leaf: Option<String> = connection
        .prepare_cached(
            "SELECT id FROM message WHERE conversation = ?1 ORDER BY id = ?2 DESC, key DESC LIMIT 1",
        )?
        .query_row(params![key, leaf_id], |row| row.get(0))
        .optional()?;
    let Some(leaf) = leaf else {
        search::remove_conversation(connection, key)?;
        connection.prepare_cached("DELETE FROM conversation WHERE key = ?1")?.execute([key])?;
        return Ok(false);
    };
    let seq = entries::next(connection, owner)?;
    connection
        .prepare_cached(
            "UPDATE conversation SET leaf_id = ?2, active_seq = ?3, changed_seq = ?3 WHERE key = ?1",
        )?
        .execute(params![key, leaf, signed(seq)])?;
    Ok(true)
}
