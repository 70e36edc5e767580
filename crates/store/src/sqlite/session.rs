//! Browsers that have logged in.

use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};

use super::SqliteStore;
use super::number::{signed, unsigned};
use crate::{Error, Session, SessionStore};

#[async_trait]
impl SessionStore for SqliteStore {
    async fn open_session(&self, session: Session, now_ms: u64) -> Result<(), Error> {
        self.with_writer(move |connection| {
            connection
                .prepare_cached("DELETE FROM session WHERE expires_ms <= ?1")?
                .execute([signed(now_ms)])?;
            connection
                .prepare_cached(
                    "INSERT INTO session (secret_hash, token_hash, expires_ms) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![
                    session.secret_hash,
                    session.token_hash,
                    signed(session.expires_ms)
                ])?;
            Ok(())
        })
        .await
    }

    async fn session(&self, secret_hash: &[u8], now_ms: u64) -> Result<Option<Session>, Error> {
        let secret_hash = secret_hash.to_owned();
        self.with_reader(move |connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT secret_hash, token_hash, expires_ms FROM session
                     WHERE secret_hash = ?1 AND expires_ms > ?2",
                )?
                .query_row(params![secret_hash, signed(now_ms)], |row| {
                    Ok(Session {
                        secret_hash: row.get(0)?,
                        token_hash: row.get(1)?,
                        expires_ms: unsigned(row, 2)?,
                    })
                })
                .optional()?)
        })
        .await
    }

    async fn close_session(&self, secret_hash: &[u8]) -> Result<(), Error> {
        let secret_hash = secret_hash.to_owned();
        self.with_writer(move |connection| {
            connection
                .prepare_cached("DELETE FROM session WHERE secret_hash = ?1")?
                .execute([&secret_hash])?;
            Ok(())
        })
        .await
    }
}
