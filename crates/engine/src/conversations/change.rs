use protocol::{
    conversation::{ChangeConversation, MOST_TITLE_CHARS},
    is_blank,
};
use store::{Change, Changing, TitleOrigin};

use super::ChangeError;
use crate::Engine;

/// How often a deletion is tried when a reply begins meanwhile.
const ATTEMPTS: usize = 3;

impl Engine {
    /// Renames a conversation, or shows another branch of it.
    ///
    /// # Errors
    /// [`ChangeError`] says why nothing was changed.
    pub async fn change_conversation(
        &self,
        owner: &str,
        id: &str,
        change: ChangeConversation,
    ) -> Result<(), ChangeError> {
        let ChangeConversation { title, leaf_id } = change;
        let title = title.map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
        let is_bad = |title: &String| is_blank(title) || title.chars().count() > MOST_TITLE_CHARS;
        if title.as_ref().is_some_and(is_bad) {
            return Err(ChangeError::BadTitle);
        }
        let title = title.map(|title| (title, TitleOrigin::User));
        self.change(owner, id, Change { title, leaf_id }).await
    }

    pub(super) async fn change(
        &self,
        owner: &str,
        id: &str,
        change: Change,
    ) -> Result<(), ChangeError> {
        match self.shared.store.change_conversation(owner, id, change).await? {
            Changing::Done => self.shared.notifier.notify(owner),
            Changing::UnknownConversation => return Err(ChangeError::UnknownConversation),
            Changing::UnknownMessage => return Err(ChangeError::UnknownMessage),
        }
        Ok(())
    }

    /// Stops the reply that is being written in a conversation, if any. Says whether there is such
    /// a conversation.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stop_reply(&self, owner: &str, id: &str) -> Result<bool, store::Error> {
        if let Some(reply) = self.running_reply(owner, id).await? {
            return self.stop(owner, &reply).await;
        }
        Ok(self.shared.store.conversation(owner, id, None, 1, 0).await?.is_some())
    }

    /// Removes a conversation with its replies, stopping the one that is being written. Says
    /// whether there was one.
    ///
    /// # Errors
    /// When the store cannot be written, or replies begin again and again.
    pub async fn delete_conversation(&self, owner: &str, id: &str) -> Result<bool, store::Error> {
        let mut deleted = Err(store::Error::Busy);
        for _ in 0..ATTEMPTS {
            if let Some(reply) = self.running_reply(owner, id).await? {
                self.end(owner, &reply).await?;
            }
            deleted = self.shared.store.delete_conversation(owner, id).await;
            if !matches!(deleted, Err(store::Error::Busy)) {
                break;
            }
        }
        if matches!(deleted, Ok(true)) {
            self.shared.notifier.notify(owner);
        }
        deleted
    }

    async fn running_reply(&self, owner: &str, id: &str) -> Result<Option<String>, store::Error> {
        let (running, _) = self.shared.store.running_replies(owner).await?;
        let reply = running.into_iter().find(|reply| reply.conversation_id == id);
        Ok(reply.map(|reply| reply.id))
    }
}
