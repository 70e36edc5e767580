use protocol::{Snapshot, conversation::Message};
use store::{Error, Share, ShareSubject};

use crate::{Engine, engine::now_ms, id};

/// How many bytes of text a shared branch has at most; what came before is left out.
const BRANCH_BYTES: usize = 1024 * 1024;

/// What whoever has the address of a share may read.
pub enum SharedView {
    /// A document.
    Document(Box<Snapshot>),
    /// A branch of a conversation.
    Branch {
        /// The conversation's title.
        title: String,
        /// The messages, the oldest first.
        messages: Vec<Message>,
    },
    /// It was withdrawn, or what was shared was deleted.
    Gone,
}

impl Engine {
    /// Shares a document, unless it is shared already. None when the owner has none of that id.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn share_generation(&self, owner: &str, id: &str) -> Result<Option<Share>, Error> {
        self.share(owner, ShareSubject::Generation(id.to_owned())).await
    }

    /// Shares a branch of a conversation: by default the one that is shown. None when there is no
    /// such branch.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn share_branch(
        &self,
        owner: &str,
        conversation_id: &str,
        leaf_id: Option<String>,
    ) -> Result<Option<Share>, Error> {
        let store = &self.shared.store;
        let found = store.conversation(owner, conversation_id, None, 1, 1).await?;
        let shown = found.and_then(|page| page.conversation.leaf_id);
        let Some(leaf_id) = leaf_id.or(shown) else { return Ok(None) };
        let conversation_id = conversation_id.to_owned();
        self.share(owner, ShareSubject::Branch { conversation_id, leaf_id }).await
    }

    async fn share(&self, owner: &str, subject: ShareSubject) -> Result<Option<Share>, Error> {
        let share = Share {
            id: id::random().map_err(|_| Error::Busy)?,
            owner: owner.to_owned(),
            subject,
            created_ms: now_ms(),
            is_withdrawn: false,
        };
        self.shared.store.share(share).await
    }

    /// What an owner shares, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn shares(&self, owner: &str) -> Result<Vec<Share>, Error> {
        self.shared.store.shares(owner).await
    }

    /// Shares it no more. `false` when the owner never shared that.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn withdraw_share(&self, owner: &str, id: &str) -> Result<bool, Error> {
        self.shared.store.withdraw(owner, id).await
    }

    /// What is shared under that id; none when nothing ever was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn shared(&self, id: &str) -> Result<Option<SharedView>, Error> {
        let Some(share) = self.shared.store.shared(id).await? else { return Ok(None) };
        if share.is_withdrawn {
            return Ok(Some(SharedView::Gone));
        }
        let owner = &share.owner;
        let view = match &share.subject {
            ShareSubject::Generation(id) => {
                let found = self.snapshot(owner, id).await?;
                found.map(|snapshot| SharedView::Document(Box::new(snapshot)))
            }
            ShareSubject::Branch { conversation_id, leaf_id } => {
                let found = self.conversation(owner, conversation_id, None, 1).await?;
                match found {
                    None => None,
                    Some(conversation) => {
                        let mut messages = self.branch_of(owner, leaf_id).await?;
                        messages.reverse();
                        Some(SharedView::Branch { title: conversation.title, messages })
                    }
                }
            }
        };
        Ok(Some(view.unwrap_or(SharedView::Gone)))
    }

    async fn branch_of(&self, owner: &str, leaf_id: &str) -> Result<Vec<Message>, Error> {
        Ok(self.shared.store.branch(owner, leaf_id, BRANCH_BYTES).await?.messages)
    }
}
