//! A conversation and its messages.

use protocol::Status;
use protocol::conversation::{Conversation, Message, Role};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::entries;
use crate::conversations::reply;
use crate::sqlite::error::SqlError;
use crate::sqlite::number::{signed, unsigned};
use crate::sqlite::read::parse;
use crate::{Branch, ConversationPage, Error, TitleOrigin};

/// What is selected of each message, for [`message`].
const MESSAGE: &str = "message.id, message.parent_id, message.role, message.content,
    message.created_ms, message.persona_id, generation.snapshot, message.key, message.depth";

/// A conversation with its newest messages, or with those before the place `before`: as many as
/// `limit` and `most_bytes` of text allow, and one at least.
pub(super) fn conversation(
    connection: &Connection,
    owner: &str,
    id: &str,
    before: Option<&str>,
    limit: usize,
    most_bytes: usize,
) -> Result<Option<ConversationPage>, SqlError> {
    let before = match before {
        Some(place) => place.parse().map_err(|_| Error::UnknownPlace)?,
        None => i64::MAX,
    };
    // One view of all of it.
    let view = connection.unchecked_transaction()?;
    let found = view
        .prepare_cached(
            "SELECT key, id, title, title_origin, created_ms, updated_ms, persona_id,
                 generation_id, leaf_id, generation_id IS NOT NULL AND NOT EXISTS
                     (SELECT 1 FROM generation WHERE generation.id = generation_id)
             FROM conversation WHERE id = ?1 AND owner = ?2",
        )?
        .query_row([id, owner], |row| {
            let origin = TitleOrigin::read(row.get_ref(3)?.as_str()?);
            Ok((row.get::<_, i64>(0)?, origin, head(row)?))
        })
        .optional()?;
    let Some((key, title_origin, mut conversation)) = found else { return Ok(None) };
    let (messages, next) = messages(&view, key, before, limit, most_bytes)?;
    conversation.messages = messages;
    conversation.next = next;
    let (head, _) = entries::bounds(&view, owner)?;
    let running = entries::running(&view, owner)?;
    Ok(Some(ConversationPage { conversation, title_origin, head, running }))
}

fn head(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    Ok(Conversation {
        id: row.get(1)?,
        title: row.get(2)?,
        created_ms: unsigned(row, 4)?,
        updated_ms: unsigned(row, 5)?,
        persona_id: row.get(6)?,
        generation_id: row.get(7)?,
        leaf_id: row.get(8)?,
        is_source_deleted: row.get(9)?,
        ..Conversation::default()
    })
}

fn messages(
    connection: &Connection,
    conversation: i64,
    before: i64,
    limit: usize,
    most_bytes: usize,
) -> Result<(Vec<Message>, Option<String>), SqlError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {MESSAGE} FROM message LEFT JOIN generation ON generation.id = message.id
         WHERE message.conversation = ?1 AND message.key < ?2 ORDER BY message.key DESC LIMIT ?3"
    ))?;
    let wanted = signed(limit as u64).saturating_add(1);
    let mut rows = statement.query(params![conversation, before, wanted])?;
    let mut messages: Vec<Message> = Vec::new();
    let mut next = None;
    let (mut bytes, mut oldest) = (0, 0);
    while let Some(row) = rows.next()? {
        let message = message(row)?;
        bytes += message.content.len();
        if messages.len() == limit || bytes > most_bytes && !messages.is_empty() {
            next = Some(i64::to_string(&oldest));
            break;
        }
        oldest = row.get(7)?;
        messages.push(message);
    }
    messages.reverse();
    Ok((messages, next))
}

/// A message with what its generation says, if it is a reply.
fn message(row: &Row<'_>) -> Result<Message, SqlError> {
    let mut message = Message {
        id: row.get(0)?,
        parent_id: row.get(1)?,
        content: row.get(3)?,
        created_ms: unsigned(row, 4)?,
        persona_id: row.get(5)?,
        status: Status::Completed,
        ..Message::default()
    };
    if row.get_ref(2)?.as_str().map_err(|_| Error::Corrupt)? == "assistant" {
        message.role = Role::Assistant;
        let json: Option<String> = row.get(6)?;
        let json = json.ok_or(Error::Corrupt)?;
        reply(&mut message, parse(&json)?);
    }
    Ok(message)
}

/// The messages from `id` up to the beginning of its conversation.
pub(super) fn branch(
    connection: &Connection,
    owner: &str,
    id: &str,
    most_bytes: usize,
) -> Result<Branch, SqlError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {MESSAGE}, conversation.generation_id FROM message
         JOIN conversation ON conversation.key = message.conversation
         LEFT JOIN generation ON generation.id = message.id
         WHERE message.id = ?1 AND conversation.owner = ?2"
    ))?;
    let mut branch = Branch::default();
    let (mut wanted, mut bytes) = (Some(id.to_owned()), 0);
    while let Some(id) = wanted.take() {
        let mut rows = statement.query([&id, owner])?;
        let Some(row) = rows.next()? else { break };
        if branch.messages.is_empty() {
            branch.total = unsigned(row, 8)?;
            branch.generation_id = row.get(9)?;
        }
        let message = message(row)?;
        bytes += message.content.len();
        if bytes > most_bytes && branch.messages.len() > 1 {
            break;
        }
        wanted.clone_from(&message.parent_id);
        branch.messages.push(message);
    }
    Ok(branch)
}
