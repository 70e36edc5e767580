//! Changes and deletions of conversations.

use rusqlite::{Connection, OptionalExtension, params};

use super::entries::{self, LEAF, TITLE};
use super::turn;
use crate::sqlite::error::SqlError;
use crate::sqlite::number::signed;
use crate::sqlite::{search, write};
use crate::{Change, Changing, Error, TitleOrigin};

/// Changes a conversation. A title is left as it is where it was given by someone who comes later.
pub(super) fn change(
    connection: &Connection,
    owner: &str,
    id: &str,
    change: &Change,
) -> Result<Changing, SqlError> {
    let found = connection
        .prepare_cached(
            "SELECT key, title, title_origin, leaf_id FROM conversation
             WHERE id = ?1 AND owner = ?2",
        )?
        .query_row([id, owner], |row| {
            let origin = TitleOrigin::read(row.get_ref(2)?.as_str()?);
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, origin, row.get::<_, String>(3)?))
        })
        .optional()?;
    let Some((key, title, title_origin, leaf_id)) = found else {
        return Ok(Changing::UnknownConversation);
    };
    if let Some(leaf) = &change.leaf_id {
        let is_there = connection
            .prepare_cached("SELECT 1 FROM message WHERE id = ?1 AND conversation = ?2")?
            .exists(params![leaf, key])?;
        if !is_there {
            return Ok(Changing::UnknownMessage);
        }
        if *leaf != leaf_id {
            let seq = entries::append(connection, owner, id, LEAF, None, Some(leaf))?;
            connection
                .prepare_cached(
                    "UPDATE conversation SET leaf_id = ?2, changed_seq = ?3 WHERE key = ?1",
                )?
                .execute(params![key, leaf, signed(seq)])?;
        }
    }
    if let Some((new, origin)) = &change.title
        && *origin >= title_origin
    {
        retitle(connection, owner, (key, id), (&title, new), *origin)?;
    }
    Ok(Changing::Done)
}

fn retitle(
    connection: &Connection,
    owner: &str,
    (key, id): (i64, &str),
    (title, new): (&str, &str),
    origin: TitleOrigin,
) -> Result<(), SqlError> {
    connection
        .prepare_cached("UPDATE conversation SET title = ?2, title_origin = ?3 WHERE key = ?1")?
        .execute(params![key, new, origin.word()])?;
    if title == new {
        return Ok(());
    }
    search::index_title(connection, key)?;
    let seq = entries::append(connection, owner, id, TITLE, None, Some(new))?;
    connection
        .prepare_cached("UPDATE conversation SET changed_seq = ?2 WHERE key = ?1")?
        .execute(params![key, signed(seq)])?;
    Ok(())
}

/// The ids of a conversation's replies; none when there is no such conversation.
pub(super) fn replies(
    connection: &Connection,
    owner: &str,
    id: &str,
) -> Result<Option<Vec<String>>, SqlError> {
    let Some(key) = key(connection, owner, id)? else { return Ok(None) };
    let mut statement = connection
        .prepare_cached("SELECT id FROM message WHERE conversation = ?1 AND role = 'assistant'")?;
    let replies = statement.query_map([key], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(Some(replies))
}

/// Removes a conversation with its messages and its replies, which are `replies`. `false` when
/// there is none.
///
/// # Errors
/// [`Error::Busy`] when a reply is being written, or one is not among `replies`.
pub(super) fn delete(
    connection: &Connection,
    owner: &str,
    id: &str,
    known: &[String],
) -> Result<bool, SqlError> {
    let Some(key) = key(connection, owner, id)? else { return Ok(false) };
    let replies = replies(connection, owner, id)?.unwrap_or_default();
    if replies.len() != known.len() || turn::running(connection, key)?.is_some() {
        return Err(Error::Busy.into());
    }
    write::delete(connection, &replies)?;
    search::remove_conversation(connection, key)?;
    entries::append_deletion(connection, owner, id)?;
    for sql in [
        "DELETE FROM turn_key WHERE conversation = ?1",
        "DELETE FROM message WHERE conversation = ?1",
        "DELETE FROM conversation WHERE key = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([key])?;
    }
    Ok(true)
}

fn key(connection: &Connection, owner: &str, id: &str) -> Result<Option<i64>, SqlError> {
    Ok(connection
        .prepare_cached("SELECT key FROM conversation WHERE id = ?1 AND owner = ?2")?
        .query_row([id, owner], |row| row.get(0))
        .optional()?)
}
