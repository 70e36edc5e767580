//! Browsers that have logged in.

use async_trait::async_trait;

use crate::Error;

/// Keeps sessions. Of their secrets, and of the tokens that opened them, it knows hashes only.
#[async_trait]
pub trait SessionStore: Send + Sync + 'static {
    /// Stores a session. Those that have expired are removed on this occasion.
    ///
    /// # Errors
    /// [`Error::Busy`] and such.
    async fn open_session(&self, session: Session, now_ms: u64) -> Result<(), Error>;

    /// The session whose secret has this hash, should there be one that has not expired.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn session(&self, secret_hash: &[u8], now_ms: u64) -> Result<Option<Session>, Error>;

    /// Removes the session whose secret has this hash.
    ///
    /// # Errors
    /// [`Error::Busy`] and such.
    async fn close_session(&self, secret_hash: &[u8]) -> Result<(), Error>;
}

/// A browser that has logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The hash of what its cookie says.
    pub secret_hash: Vec<u8>,
    /// The hash of the token that it logged in with.
    pub token_hash: Vec<u8>,
    /// When it ends, in milliseconds since the Unix epoch.
    pub expires_ms: u64,
}
