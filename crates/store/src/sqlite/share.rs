//! What is shared.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::SqliteStore;
use super::error::SqlError;
use super::number::{signed, unsigned};
use crate::{Error, Share, ShareStore, ShareSubject};

/// How many shares a list has at most.
const MOST_LISTED: i64 = 1_000;

/// What is selected of each, for [`read`].
const SHARE: &str = "id, owner, subject, leaf_id, created_ms, is_withdrawn";

#[async_trait]
impl ShareStore for SqliteStore {
    async fn share(&self, share: Share) -> Result<Option<Share>, Error> {
        self.with_writer(move |connection| create(connection, &share)).await
    }

    async fn shared(&self, id: &str) -> Result<Option<Share>, Error> {
        let id = id.to_owned();
        self.with_reader(move |connection| {
            Ok(connection
                .prepare_cached(&format!("SELECT {SHARE} FROM share WHERE id = ?1"))?
                .query_row([id], read)
                .optional()?)
        })
        .await
    }

    async fn shares(&self, owner: &str) -> Result<Vec<Share>, Error> {
        let owner = owner.to_owned();
        self.with_reader(move |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {SHARE} FROM share WHERE owner = ?1 AND NOT is_withdrawn
                 ORDER BY key DESC LIMIT ?2"
            ))?;
            let shares = statement.query_map(params![owner, MOST_LISTED], read)?;
            Ok(shares.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn withdraw(&self, owner: &str, id: &str) -> Result<bool, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.with_writer(move |connection| {
            let sql = "UPDATE share SET is_withdrawn = 1 WHERE id = ?1 AND owner = ?2";
            Ok(connection.prepare_cached(sql)?.execute([&id, &owner])? > 0)
        })
        .await
    }
}

fn create(connection: &Connection, share: &Share) -> Result<Option<Share>, SqlError> {
    let (subject, leaf_id, exists) = match &share.subject {
        ShareSubject::Generation(id) => (
            id,
            None,
            connection
                .prepare_cached(
                    "SELECT 1 FROM generation WHERE id = ?1 AND owner = ?2 AND kind = 'document'",
                )?
                .exists([id, &share.owner])?,
        ),
        ShareSubject::Branch { conversation_id, leaf_id } => (
            conversation_id,
            Some(leaf_id),
            connection
                .prepare_cached(
                    "SELECT 1 FROM message
                     JOIN conversation ON conversation.key = message.conversation
                     WHERE conversation.id = ?1 AND owner = ?2 AND message.id = ?3",
                )?
                .exists([conversation_id, &share.owner, leaf_id])?,
        ),
    };
    if !exists {
        return Ok(None);
    }
    let earlier = connection
        .prepare_cached(&format!(
            "SELECT {SHARE} FROM share
             WHERE owner = ?1 AND subject = ?2 AND leaf_id IS ?3 AND NOT is_withdrawn"
        ))?
        .query_row(params![share.owner, subject, leaf_id], read)
        .optional()?;
    if earlier.is_some() {
        return Ok(earlier);
    }
    connection
        .prepare_cached(
            "INSERT INTO share (id, owner, subject, leaf_id, created_ms, is_withdrawn)
             VALUES (?1, ?2, ?3, ?4, ?5, 0)",
        )?
        .execute(params![share.id, share.owner, subject, leaf_id, signed(share.created_ms)])?;
    Ok(Some(share.clone()))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Share> {
    let (id, leaf_id): (String, Option<String>) = (row.get(2)?, row.get(3)?);
    Ok(Share {
        id: row.get(0)?,
        owner: row.get(1)?,
        subject: match leaf_id {
            None => ShareSubject::Generation(id),
            Some(leaf_id) => ShareSubject::Branch { conversation_id: id, leaf_id },
        },
        created_ms: unsigned(row, 4)?,
        is_withdrawn: row.get(5)?,
    })
}
