//! The log of what happened in an owner's conversations.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::sqlite::error::SqlError;
use crate::sqlite::number::{signed, unsigned};
use crate::{Changed, Entries, Entry, EntryBounds, EntryKind, ReplyEntry, StoredUserMessage};

/// How many entries of an owner are kept, and how many of deletions.
const KEPT: u64 = crate::conversations::KEPT_ENTRIES;

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
) -> Result<u64, SqlError> {
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
) -> Result<u64, SqlError> {
    connection
        .prepare_cached("DELETE FROM conversation_entry WHERE conversation_id = ?1")?
        .execute([conversation_id])?;
    let seq = append(connection, owner, conversation_id, DELETED, None, None)?;
    connection
        .prepare_cached("INSERT INTO conversation_deleted (owner, seq, id) VALUES (?1, ?2, ?3)")?
        .execute(params![owner, signed(seq), conversation_id])?;
    Ok(seq)
}

pub(super) fn next(connection: &Connection, owner: &str) -> Result<u64, SqlError> {
    Ok(connection
        .prepare_cached(
            "INSERT INTO conversation_owner (owner, head, floor) VALUES (?1, 1, 0)
             ON CONFLICT (owner) DO UPDATE SET head = head + 1 RETURNING head",
        )?
        .query_row([owner], |row| unsigned(row, 0))?)
}

fn prune(connection: &Connection, owner: &str, head: u64) -> Result<(), SqlError> {
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
pub(super) fn bounds(connection: &Connection, owner: &str) -> Result<(u64, u64), SqlError> {
    let bounds = connection
        .prepare_cached("SELECT head, floor FROM conversation_owner WHERE owner = ?1")?
        .query_row([owner], |row| Ok((unsigned(row, 0)?, unsigned(row, 1)?)))
        .optional()?;
    Ok(bounds.unwrap_or_default())
}

/// How far the log reaches, and how many entries there are after `after`, counted up to `most`.
pub(super) fn count(
    connection: &Connection,
    owner: &str,
    conversation_id: Option<&str>,
    after: u64,
    most: usize,
) -> Result<EntryBounds, SqlError> {
    let view = connection.unchecked_transaction()?;
    let (head, floor) = bounds(&view, owner)?;
    let following = view
        .prepare_cached(
            "SELECT count(*) FROM (
                 SELECT 1 FROM conversation_entry
                 WHERE owner = ?1 AND seq > ?2 AND (?3 IS NULL OR conversation_id = ?3) LIMIT ?4)",
        )?
        .query_row(params![owner, signed(after), conversation_id, signed(most as u64)], |row| {
            unsigned(row, 0)
        })?;
    Ok(EntryBounds { head, floor, following })
}

/// The entries after `after`, of one conversation or of all: at most `limit`, and one at least or
/// what `most_bytes` of text allow.
pub(super) fn page(
    connection: &Connection,
    owner: &str,
    conversation_id: Option<&str>,
    after: u64,
    limit: usize,
    most_bytes: usize,
) -> Result<Entries, SqlError> {
    let view = connection.unchecked_transaction()?;
    let (head, _) = bounds(&view, owner)?;
    let mut statement = view.prepare_cached(
        "SELECT entry.seq, entry.conversation_id, entry.kind, entry.text,
             message.id, message.parent_id, message.content, message.created_ms,
             message.persona_id, conversation.generation_id, generation.model
         FROM conversation_entry AS entry
         LEFT JOIN message ON message.id = entry.message_id
         LEFT JOIN conversation ON conversation.id = entry.conversation_id
         LEFT JOIN generation ON generation.id = entry.message_id
         WHERE entry.owner = ?1 AND entry.seq > ?2
             AND (?3 IS NULL OR entry.conversation_id = ?3)
         ORDER BY entry.seq LIMIT ?4",
    )?;
    let (mut entries, mut bytes) = (Vec::new(), 0);
    let mut rows =
        statement.query(params![owner, signed(after), conversation_id, signed(limit as u64)])?;
    while let Some(row) = rows.next()? {
        let entry = entry(row)?;
        if let EntryKind::UserMessage(message) = &entry.kind {
            bytes += message.content.len();
        }
        entries.push(entry);
        if bytes > most_bytes {
            break;
        }
    }
    let is_last = entries.len() < limit && bytes <= most_bytes;
    let last = entries.last().map_or(after, |entry| entry.seq);
    let seq = if is_last { head.max(last) } else { last };
    Ok(Entries { entries, seq, is_last })
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
        model: row.get(10)?,
    })
}

/// What is selected of each reply, for [`reply_row`].
const REPLY_ROW: &str = "message.seq, conversation.id, message.id, message.parent_id,
    message.persona_id, message.created_ms, generation.model";

fn reply_row(row: &Row<'_>) -> rusqlite::Result<ReplyEntry> {
    Ok(ReplyEntry {
        seq: unsigned(row, 0)?,
        conversation_id: row.get(1)?,
        id: row.get(2)?,
        parent_id: row.get(3)?,
        persona_id: row.get(4)?,
        created_ms: unsigned(row, 5)?,
        model: row.get(6)?,
    })
}

/// The reply that began with that entry, as long as its conversation is there. The entry itself
/// may be gone.
pub(super) fn reply_at(
    connection: &Connection,
    owner: &str,
    seq: u64,
) -> Result<Option<ReplyEntry>, SqlError> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT {REPLY_ROW} FROM message
             JOIN generation ON generation.id = message.id
             JOIN conversation ON conversation.key = message.conversation
             WHERE message.seq = ?2 AND message.role = 'assistant' AND conversation.owner = ?1"
        ))?
        .query_row(params![owner, signed(seq)], reply_row)
        .optional()?)
}

/// The replies of an owner that are being written.
pub(super) fn running(connection: &Connection, owner: &str) -> Result<Vec<ReplyEntry>, SqlError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {REPLY_ROW} FROM generation INDEXED BY generation_running
         JOIN message ON message.id = generation.id
         JOIN conversation ON conversation.key = message.conversation
         WHERE generation.status = 'running' AND generation.owner = ?1 ORDER BY message.seq"
    ))?;
    Ok(statement.query_map([owner], reply_row)?.collect::<Result<_, _>>()?)
}

/// The conversations that changed after the entry `after`, in the order of their newest entry.
pub(super) fn changed(
    connection: &Connection,
    owner: &str,
    after: u64,
    limit: usize,
) -> Result<Vec<Changed>, SqlError> {
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
