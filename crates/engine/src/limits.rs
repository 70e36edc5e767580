use store::Session;

use crate::{Engine, error::StartError};

/// What the generations of one owner may use at most; 0 stands for any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnerLimits {
    /// Generations, replies and trainings that run and wait.
    pub running: u32,
    /// Bytes that they take with their texts and logs.
    pub bytes: u64,
}

impl Engine {
    /// Whether one more generation of `owner` may begin.
    pub(crate) async fn admit(&self, owner: &str) -> Result<(), StartError> {
        let OwnerLimits { running, bytes } = self.shared.owner_limits;
        if running > 0 {
            let generations = self.shared.generations();
            let own = generations.values().filter(|it| it.owner == owner).count();
            if own >= running as usize {
                return Err(StartError::TooManyRunning);
            }
        }
        if bytes > 0 && self.shared.store.stored_bytes(owner).await? >= bytes {
            return Err(StartError::SpaceFull);
        }
        Ok(())
    }

    /// Whether `more` bytes of an owner's have room.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn has_room(&self, owner: &str, more: u64) -> Result<bool, store::Error> {
        let most = self.shared.owner_limits.bytes;
        if most == 0 {
            return Ok(true);
        }
        Ok(self.shared.store.stored_bytes(owner).await?.saturating_add(more) <= most)
    }

    /// Keeps that a browser has logged in.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn open_session(&self, session: Session, now_ms: u64) -> Result<(), store::Error> {
        self.shared.store.open_session(session, now_ms).await
    }

    /// The session whose secret has this hash, should there be one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn session(
        &self,
        secret_hash: &[u8],
        now_ms: u64,
    ) -> Result<Option<Session>, store::Error> {
        self.shared.store.session(secret_hash, now_ms).await
    }

    /// Ends the session whose secret has this hash.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn close_session(&self, secret_hash: &[u8]) -> Result<(), store::Error> {
        self.shared.store.close_session(secret_hash).await
    }
}
