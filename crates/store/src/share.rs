//! Pages that anyone may read who has their address.

use async_trait::async_trait;

use crate::Error;

/// Keeps what is shared.
#[async_trait]
pub trait ShareStore: Send + Sync + 'static {
    /// Shares something, unless it is shared already: then that share is given. None when the owner
    /// has no such thing.
    ///
    /// # Errors
    /// [`Error::Busy`] and such.
    async fn share(&self, share: Share) -> Result<Option<Share>, Error>;

    /// What is or was shared under that id, whosever it is.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn shared(&self, id: &str) -> Result<Option<Share>, Error>;

    /// What an owner shares, the newest first, a thousand at most.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn shares(&self, owner: &str) -> Result<Vec<Share>, Error>;

    /// Shares it no more. `false` when the owner never shared that.
    ///
    /// # Errors
    /// [`Error::Busy`] and such.
    async fn withdraw(&self, owner: &str, id: &str) -> Result<bool, Error>;
}

/// Something that is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Whoever knows this may read it.
    pub id: String,
    /// Who shares it.
    pub owner: String,
    /// What is shared.
    pub subject: ShareSubject,
    /// When, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// It is not shared any more.
    pub is_withdrawn: bool,
}

/// What is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareSubject {
    /// A document: its generation's id.
    Generation(String),
    /// A branch of a conversation.
    Branch {
        /// The conversation's id.
        conversation_id: String,
        /// The id of the branch's last message.
        leaf_id: String,
    },
}
