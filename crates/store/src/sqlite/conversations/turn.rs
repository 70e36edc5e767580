//! Stores a turn, all of it or nothing.

use protocol::conversation::Role;
use rusqlite::{Connection, OptionalExtension, params};

use super::entries::{self, REPLY, USER_MESSAGE};
use crate::saved::Saved;
use crate::sqlite::error::SqlError;
use crate::sqlite::number::{signed, unsigned};
use crate::sqlite::{search, write};
use crate::{
    Creation, Idempotency, MessageRecord, NotStored, StoredTurn, TitleOrigin, TurnPlace, TurnRecord,
};

/// Stores a turn, or says why not.
pub(super) fn store(
    connection: &Connection,
    turn: &TurnRecord,
    saved: &Saved,
) -> Result<Result<StoredTurn, NotStored>, SqlError> {
    if let Some(idempotency) = &turn.idempotency
        && let Some(earlier) = repeated(connection, &turn.owner, idempotency)?
    {
        return Ok(Err(earlier));
    }
    if let Some(Some(persona)) = &turn.persona_id
        && !super::persona::exists(connection, &turn.owner, persona)?
    {
        return Ok(Err(NotStored::UnknownPersona));
    }
    let (before, _) = entries::bounds(connection, &turn.owner)?;
    let asked = match ask(connection, turn)? {
        Ok(asked) => asked,
        Err(refused) => return Ok(Err(refused)),
    };
    write::create(connection, &turn.reply, saved)?;
    let seq = answer(connection, turn, &asked)?;
    let stored = StoredTurn {
        conversation_id: asked.conversation_id,
        message_id: asked.message_id,
        reply_id: turn.reply.snapshot.id.clone(),
        before,
        seq,
    };
    if let Some(idempotency) = &turn.idempotency {
        remember(connection, turn, idempotency, asked.conversation, &stored)?;
    }
    Ok(Ok(stored))
}

/// A message that waits for its reply.
struct Asked {
    conversation: i64,
    conversation_id: String,
    message_id: String,
    depth: i64,
}

/// Finds or stores the message that is to be answered; else says why there is none.
fn ask(connection: &Connection, turn: &TurnRecord) -> Result<Result<Asked, NotStored>, SqlError> {
    match &turn.place {
        TurnPlace::New(creation, message) => {
            if let Some(source) = &creation.generation_id
                && !is_source(connection, &turn.owner, source)?
            {
                return Ok(Err(NotStored::UnknownSource));
            }
            let conversation = create(connection, turn, creation, message)?;
            let id = &creation.id;
            let title = Some(creation.title.as_str());
            add(connection, turn, (conversation, id), None, message, title).map(Ok)
        }
        TurnPlace::Follows { conversation_id, parent_id, message } => {
            let (conversation, leaf_id) = match open(connection, turn, conversation_id)? {
                Ok(found) => found,
                Err(refused) => return Ok(Err(refused)),
            };
            let parent_id = match parent_id {
                Some(root) if root == conversation_id => None,
                Some(parent_id) => Some(parent_id.as_str()),
                None => Some(leaf_id.as_str()),
            };
            let parent = match parent_id {
                None => None,
                Some(id) => match find(connection, conversation, id)? {
                    Some(found) => Some((id, found.depth)),
                    None => return Ok(Err(NotStored::UnknownMessage)),
                },
            };
            add(connection, turn, (conversation, conversation_id), parent, message, None).map(Ok)
        }
        TurnPlace::Again { conversation_id, message_id } => {
            let conversation = match open(connection, turn, conversation_id)? {
                Ok((conversation, _)) => conversation,
                Err(refused) => return Ok(Err(refused)),
            };
            let Some(found) = asked_by(connection, conversation, message_id)? else {
                return Ok(Err(NotStored::UnknownMessage));
            };
            let (message_id, depth) = found;
            let conversation_id = conversation_id.clone();
            Ok(Ok(Asked { conversation, conversation_id, message_id, depth }))
        }
    }
}

/// The user's message that is `message_id`, or that this answers, and how deep it lies.
fn asked_by(
    connection: &Connection,
    conversation: i64,
    message_id: &str,
) -> Result<Option<(String, i64)>, SqlError> {
    let Some(message) = find(connection, conversation, message_id)? else { return Ok(None) };
    if message.is_users {
        return Ok(Some((message_id.to_owned(), message.depth)));
    }
    Ok(message.parent_id.map(|parent_id| (parent_id, message.depth - 1)))
}

/// A conversation that takes a turn: its key and its leaf.
fn open(
    connection: &Connection,
    turn: &TurnRecord,
    id: &str,
) -> Result<Result<(i64, String), NotStored>, SqlError> {
    let found = connection
        .prepare_cached("SELECT key, leaf_id FROM conversation WHERE id = ?1 AND owner = ?2")?
        .query_row([id, &turn.owner], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
        .optional()?;
    let Some((conversation, leaf_id)) = found else {
        return Ok(Err(NotStored::UnknownConversation));
    };
    Ok(match running(connection, conversation)? {
        Some(reply) => Err(NotStored::ReplyRunning(reply)),
        None => Ok((conversation, leaf_id)),
    })
}

/// The reply of a conversation that is being written.
pub(super) fn running(
    connection: &Connection,
    conversation: i64,
) -> Result<Option<String>, SqlError> {
    Ok(connection
        .prepare_cached(
            "SELECT message.id FROM generation INDEXED BY generation_running
             JOIN message ON message.id = generation.id
             WHERE generation.status = 'running' AND message.conversation = ?1",
        )?
        .query_row([conversation], |row| row.get(0))
        .optional()?)
}

struct Found {
    is_users: bool,
    parent_id: Option<String>,
    depth: i64,
}

fn find(connection: &Connection, conversation: i64, id: &str) -> Result<Option<Found>, SqlError> {
    Ok(connection
        .prepare_cached(
            "SELECT role = 'user', parent_id, depth FROM message
             WHERE id = ?1 AND conversation = ?2",
        )?
        .query_row(params![id, conversation], |row| {
            Ok(Found { is_users: row.get(0)?, parent_id: row.get(1)?, depth: row.get(2)? })
        })
        .optional()?)
}

/// Whether a generation's text can be talked about.
fn is_source(connection: &Connection, owner: &str, id: &str) -> Result<bool, SqlError> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM generation WHERE id = ?1 AND owner = ?2 AND kind = 'document'",
        )?
        .exists([id, owner])?)
}

fn create(
    connection: &Connection,
    turn: &TurnRecord,
    creation: &Creation,
    message: &MessageRecord,
) -> Result<i64, SqlError> {
    let now_ms = signed(turn.reply.snapshot.created_ms);
    connection
        .prepare_cached(
            "INSERT INTO conversation (id, owner, title, title_origin, created_ms, updated_ms,
                 persona_id, generation_id, leaf_id, active_seq, changed_seq)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, NULL, ?6, ?7, 0, 0)",
        )?
        .execute(params![
            creation.id,
            turn.owner,
            creation.title,
            TitleOrigin::Message.word(),
            now_ms,
            creation.generation_id,
            message.id,
        ])?;
    let key = connection.last_insert_rowid();
    search::index_title(connection, key)?;
    Ok(key)
}

/// Adds the user's message with its entry.
fn add(
    connection: &Connection,
    turn: &TurnRecord,
    (conversation, conversation_id): (i64, &str),
    parent: Option<(&str, i64)>,
    message: &MessageRecord,
    title: Option<&str>,
) -> Result<Asked, SqlError> {
    let MessageRecord { id, content } = message;
    let seq =
        entries::append(connection, &turn.owner, conversation_id, USER_MESSAGE, Some(id), title)?;
    let depth = parent.map_or(0, |(_, depth)| depth) + 1;
    let row = MessageRow {
        conversation,
        id,
        parent_id: parent.map(|(id, _)| id),
        depth,
        role: Role::User,
        content,
        persona_id: None,
        created_ms: turn.reply.snapshot.created_ms,
        seq,
    };
    insert(connection, &row)?;
    search::index_message(connection, connection.last_insert_rowid())?;
    Ok(Asked {
        conversation,
        conversation_id: conversation_id.to_owned(),
        message_id: id.clone(),
        depth,
    })
}

/// Adds the reply's message with its entry, whose number is returned.
fn answer(connection: &Connection, turn: &TurnRecord, asked: &Asked) -> Result<u64, SqlError> {
    let persona = persona(connection, turn, asked.conversation)?;
    let id = &turn.reply.snapshot.id;
    let owner = &turn.owner;
    let seq = entries::append(connection, owner, &asked.conversation_id, REPLY, Some(id), None)?;
    let created_ms = turn.reply.snapshot.created_ms;
    let row = MessageRow {
        conversation: asked.conversation,
        id,
        parent_id: Some(&asked.message_id),
        depth: asked.depth + 1,
        role: Role::Assistant,
        content: "",
        persona_id: persona.as_deref(),
        created_ms,
        seq,
    };
    insert(connection, &row)?;
    connection
        .prepare_cached(
            "UPDATE conversation SET leaf_id = ?2, updated_ms = ?3, persona_id = ?4,
                 active_seq = ?5, changed_seq = ?5
             WHERE key = ?1",
        )?
        .execute(params![asked.conversation, id, signed(created_ms), persona, signed(seq)])?;
    Ok(seq)
}

/// Who answers: the one who is asked for, else the conversation's, as long as that is there.
fn persona(
    connection: &Connection,
    turn: &TurnRecord,
    conversation: i64,
) -> Result<Option<String>, SqlError> {
    if let Some(persona) = &turn.persona_id {
        return Ok(persona.clone());
    }
    let persona: Option<String> = connection
        .prepare_cached("SELECT persona_id FROM conversation WHERE key = ?1")?
        .query_row([conversation], |row| row.get(0))?;
    match persona {
        Some(persona) if super::persona::exists(connection, &turn.owner, &persona)? => {
            Ok(Some(persona))
        }
        _ => Ok(None),
    }
}

/// A message as it is stored.
pub(super) struct MessageRow<'a> {
    pub(super) conversation: i64,
    pub(super) id: &'a str,
    pub(super) parent_id: Option<&'a str>,
    pub(super) depth: i64,
    pub(super) role: Role,
    pub(super) content: &'a str,
    pub(super) persona_id: Option<&'a str>,
    pub(super) created_ms: u64,
    pub(super) seq: u64,
}

pub(super) fn insert(connection: &Connection, message: &MessageRow<'_>) -> Result<(), SqlError> {
    connection
        .prepare_cached(
            "INSERT INTO message (conversation, id, parent_id, depth, role, content, persona_id,
                 created_ms, seq)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            message.conversation,
            message.id,
            message.parent_id,
            message.depth,
            match message.role {
                Role::User => "user",
                Role::Assistant => "assistant",
            },
            message.content,
            message.persona_id,
            signed(message.created_ms),
            signed(message.seq),
        ])?;
    Ok(())
}

fn remember(
    connection: &Connection,
    turn: &TurnRecord,
    idempotency: &Idempotency,
    conversation: i64,
    stored: &StoredTurn,
) -> Result<(), SqlError> {
    connection
        .prepare_cached(
            "INSERT INTO turn_key (owner, key, fingerprint, conversation, message_id, reply_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            turn.owner,
            idempotency.key,
            idempotency.fingerprint,
            conversation,
            stored.message_id,
            stored.reply_id,
        ])?;
    Ok(())
}

/// What was made of an earlier request with the same key.
pub(super) fn repeated(
    connection: &Connection,
    owner: &str,
    idempotency: &Idempotency,
) -> Result<Option<NotStored>, SqlError> {
    let earlier = connection
        .prepare_cached(
            "SELECT fingerprint, conversation.id, message_id, reply_id, asked.seq, reply.seq
             FROM turn_key
             JOIN conversation ON conversation.key = turn_key.conversation
             JOIN message AS asked ON asked.id = message_id
             JOIN message AS reply ON reply.id = reply_id
             WHERE turn_key.owner = ?1 AND turn_key.key = ?2",
        )?
        .query_row(params![owner, idempotency.key], |row| {
            let fingerprint: Vec<u8> = row.get(0)?;
            let stored = StoredTurn {
                conversation_id: row.get(1)?,
                message_id: row.get(2)?,
                reply_id: row.get(3)?,
                before: unsigned(row, 4)?.saturating_sub(1),
                seq: unsigned(row, 5)?,
            };
            Ok((fingerprint, stored))
        })
        .optional()?;
    Ok(earlier.map(|(fingerprint, stored)| {
        if fingerprint == idempotency.fingerprint {
            NotStored::SameRequest(stored)
        } else {
            NotStored::OtherRequest
        }
    }))
}
