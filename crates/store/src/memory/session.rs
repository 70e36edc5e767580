use async_trait::async_trait;

use super::store::MemoryStore;
use crate::{Error, Session, SessionStore};

#[async_trait]
impl SessionStore for MemoryStore {
    async fn open_session(&self, session: Session, now_ms: u64) -> Result<(), Error> {
        let sessions = &mut self.contents()?.sessions;
        sessions.retain(|session| session.expires_ms > now_ms);
        sessions.push(session);
        Ok(())
    }

    async fn session(&self, secret_hash: &[u8], now_ms: u64) -> Result<Option<Session>, Error> {
        let contents = self.contents()?;
        let is_it = |it: &&Session| it.secret_hash == secret_hash && it.expires_ms > now_ms;
        Ok(contents.sessions.iter().find(is_it).cloned())
    }

    async fn close_session(&self, secret_hash: &[u8]) -> Result<(), Error> {
        self.contents()?.sessions.retain(|session| session.secret_hash != secret_hash);
        Ok(())
    }
}
