//! The log of what happened in an owner's conversations.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Changed, Entries, Entry, EntryKind, ReplyEntry, StoredUserMessage};
use crate::Error;
use crate::number::{signed, unsigned};

/// How many entries of an owner are kept, and how many of deletions.
const KEPT: u64 = 10_000;

/// How often older ones are removed, in entries.
const PRUNED_EVERY: u64 = 256;

pub(super) const USER_MESSAGE: &str = "user_message";
pub(super) const REPLY: &str = "reply";
pub(super) const TITLE: &str = "title";
pub(super) const LEAF: &str = "leaf";
const DELETED: &str = "deleted";

/// Appends an entry and returns its number.
pub(super) fn append(
    connection: &Connection,
    owner: &str,
    conversation_id: &str,
    kind: &str,
    message_id: Option<&str>,
    text: Option<&str>,
) -> Result<u64, Error> {
    let seq = next(connection, owner)?;
    connection
        .prepare_cached(
            "INSERT INTO conversation_entry (owner, seq, conversation_id, kind, message_id, text)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![owner, signed(seq), conversation_id, kind, message_id, text])?;
    if seq.is_multiple_of(PRUNED_EVERY) {
        prune(connection, owner, seq)?;
    }
    Ok(seq)
}

/// Appends the entry that a conversation was deleted, which replaces all others about it.
pub(super) fn append_deletion(
    connection: &Connection,
    owner: &str,
    conversation_id: &str,
) -> Result<u64, Error> {
    connection
        .prepare_cached("DELETE FROM conversation_entry WHERE conversation_id = ?1")?
        .execute([conversation_id])?;
    let seq = append(connection, owner, conversation_id, DELETED, None, None)?;
    connection
        .prepare_cached("INSERT INTO conversation_deleted (owner, seq, id) VALUES (?1, ?2, ?3)")?
        .execute(params![owner, signed(seq), conversation_id])?;
    Ok(seq)
}

fn next(connection: &Connection, owner: &str) -> Result<u64, Error> {
    Ok(connection
        .prepare_cached(
            "INSERT INTO conversation_owner (owner, head, floor) VALUES (?1, 1, 0)
             ON CONFLICT (owner) DO UPDATE SET head = head + 1 RETURNING head",
        )?
        .query_row([owner], |row| unsigned(row, 0))?)
}

fn prune(connection: &Connection, owner: &str, head: u64) -> Result<(), Error> {
    let floor = signed(head.saturating_sub(KEPT));
    connection
        .prepare_cached("DELETE FROM conversation_entry WHERE owner = ?1 AND seq <= ?2")?
        .execute(params![owner, floor])?;
    connection
        .prepare_cached(
            "DELETE FROM conversation_deleted WHERE owner = ?1 AND seq <=
                 (SELECT seq FROM conversation_deleted WHERE owner = ?1
                  ORDER BY seq DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![owner, signed(KEPT)])?;
    connection
        .prepare_cached("UPDATE conversation_owner SET floor = ?2 WHERE owner = ?1")?
        .execute(params![owner, floor])?;
    Ok(())
}

/// The number of the newest entry, and of the newest that is no longer kept.
pub(super) fn bounds(connection: &Connection, owner: &str) -> Result<(u64, u64), Error> {
    let bounds = connection
        .prepare_cached("SELECT head, floor FROM conversation_owner WHERE owner = ?1")?
        .query_row([owner], |row| Ok((unsigned(row, 0)?, unsigned(row, 1)?)))
        .optional()?;
    Ok(bounds.unwrap_or_default())
}

/// The entries after `after`, of one conversation or of all, at most `limit`.
pub(super) fn page(
    connection: &Connection,
    owner: &str,
    conversation_id: Option<&str>,
    after: u64,
    limit: usize,
) -> Result<Entries, Error> {
    let (head, floor) = bounds(connection, owner)?;
    let mut statement = connection.prepare_cached(
        "SELECT entry.seq, entry.conversation_id, entry.kind, entry.text,
             message.id, message.parent_id, message.content, message.created_ms,
             message.persona_id, conversation.generation_id
         FROM conversation_entry AS entry
         LEFT JOIN message ON message.id = entry.message_id
         LEFT JOIN conversation ON conversation.id = entry.conversation_id
         WHERE entry.owner = ?1 AND entry.seq > ?2
             AND (?3 IS NULL OR entry.conversation_id = ?3)
         ORDER BY entry.seq LIMIT ?4",
    )?;
    let entries = statement
        .query_map(params![owner, signed(after), conversation_id, signed(limit as u64)], entry)?
        .collect::<Result<_, _>>()?;
    Ok(Entries { entries, head, floor })
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let (seq, conversation_id): (u64, String) = (unsigned(row, 0)?, row.get(1)?);
    let kind = match row.get_ref(2)?.as_str()? {
        USER_MESSAGE => EntryKind::UserMessage(StoredUserMessage {
            id: row.get(4)?,
            parent_id: row.get(5)?,
            content: row.get(6)?,
            created_ms: unsigned(row, 7)?,
            // The one that begins a conversation bears its title.
            title: row.get(3)?,
            generation_id: match row.get::<_, Option<String>>(3)? {
                Some(_) => row.get(9)?,
                None => None,
            },
        }),
        REPLY => EntryKind::Reply(reply(row, seq, &conversation_id)?),
        TITLE => EntryKind::Title(row.get(3)?),
        LEAF => EntryKind::Leaf(row.get(3)?),
        _ => EntryKind::Deleted,
    };
    Ok(Entry { seq, conversation_id, kind })
}

fn reply(row: &Row<'_>, seq: u64, conversation_id: &str) -> rusqlite::Result<ReplyEntry> {
    Ok(ReplyEntry {
        seq,
        conversation_id: conversation_id.to_owned(),
        id: row.get(4)?,
        parent_id: row.get(5)?,
        persona_id: row.get(8)?,
        created_ms: unsigned(row, 7)?,
    })
}

/// The reply that began with that entry, as long as its conversation is there.
pub(super) fn reply_at(
    connection: &Connection,
    owner: &str,
    seq: u64,
) -> Result<Option<ReplyEntry>, Error> {
    let found = page(connection, owner, None, seq.saturating_sub(1), 1)?.entries.pop();
    Ok(found.and_then(|entry| match entry.kind {
        EntryKind::Reply(reply) if reply.seq == seq => Some(reply),
        _ => None,
    }))
}

/// The replies of an owner that are being written.
pub(super) fn running(connection: &Connection, owner: &str) -> Result<Vec<ReplyEntry>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT message.seq, conversation.id, message.id, message.parent_id, message.persona_id,
             message.created_ms
         FROM generation INDEXED BY generation_running
         JOIN message ON message.id = generation.id
         JOIN conversation ON conversation.key = message.conversation
         WHERE generation.status = 'running' AND generation.owner = ?1 ORDER BY message.seq",
    )?;
    let replies = statement.query_map([owner], |row| {
        Ok(ReplyEntry {
            seq: unsigned(row, 0)?,
            conversation_id: row.get(1)?,
            id: row.get(2)?,
            parent_id: row.get(3)?,
            persona_id: row.get(4)?,
            created_ms: unsigned(row, 5)?,
        })
    })?;
    Ok(replies.collect::<Result<_, _>>()?)
}

/// The conversations that changed after the entry `after`, in the order of their newest entry.
pub(super) fn changed(
    connection: &Connection,
    owner: &str,
    after: u64,
    limit: usize,
) -> Result<Vec<Changed>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, id, is_deleted FROM (
             SELECT changed_seq AS seq, id, 0 AS is_deleted FROM conversation
             WHERE owner = ?1 AND changed_seq > ?2
             UNION ALL
             SELECT seq, id, 1 FROM conversation_deleted WHERE owner = ?1 AND seq > ?2
         ) ORDER BY seq LIMIT ?3",
    )?;
    let changed =
        statement.query_map(params![owner, signed(after), signed(limit as u64)], |row| {
            Ok(Changed {
                seq: unsigned(row, 0)?,
                conversation_id: row.get(1)?,
                is_deleted: row.get(2)?,
            })
        })?;
    Ok(changed.collect::<Result<_, _>>()?)
}
