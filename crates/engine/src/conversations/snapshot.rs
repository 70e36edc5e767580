use protocol::{
    Shape, Status,
    conversation::{Conversation, Listing, Message},
};
use store::ConversationPage;

use super::{Cursor, StreamScope};
use crate::Engine;

/// How much text the messages of one answer hold at most, but for the one that exceeds it.
const MOST_BYTES: usize = 1024 * 1024;

impl Engine {
    /// A page of an owner's conversations, those with the newest messages first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn conversations(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, store::Error> {
        self.shared.store.conversations(owner, query, before, limit).await
    }

    /// A conversation as it stands, with its newest messages or those before the place `before`.
    ///
    /// # Errors
    /// When the store cannot be read, or no page gives that place.
    pub async fn conversation(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Option<Conversation>, store::Error> {
        let store = &self.shared.store;
        match store.conversation(owner, id, before, limit, MOST_BYTES).await? {
            Some(page) => Ok(Some(self.as_it_stands_now(owner, page).await?.0)),
            None => Ok(None),
        }
    }

    /// Brings the running replies of a page up to date. With it comes where its own running reply
    /// stands, which is the cursor's as well.
    pub(super) async fn as_it_stands_now(
        &self,
        owner: &str,
        page: ConversationPage,
    ) -> Result<(Conversation, Option<(u64, u64)>), store::Error> {
        let ConversationPage { mut conversation, head, running, .. } = page;
        let mut cursor = Cursor::at(StreamScope::All, head);
        let mut own = None;
        for reply in running {
            let message = conversation.messages.iter_mut().find(|message| message.id == reply.id);
            let event = match message {
                // The replies of others, and those of another page, come from their beginning.
                None => Some(0),
                Some(message) => self.bring_up_to_date(owner, message).await?,
            };
            if let Some(event) = event {
                cursor.replies.push((reply.seq, event));
                if reply.conversation_id == conversation.id {
                    own = Some((reply.seq, event));
                }
            }
        }
        conversation.cursor = cursor.to_string();
        Ok((conversation, own))
    }

    /// The last event that the message shows, as long as others are to come.
    async fn bring_up_to_date(
        &self,
        owner: &str,
        message: &mut Message,
    ) -> Result<Option<u64>, store::Error> {
        let Some(snapshot) = self.snapshot(owner, &message.id).await? else { return Ok(None) };
        Shape::REPLY.text_of(&snapshot).clone_into(&mut message.content);
        message.status = snapshot.status;
        message.coverage = snapshot.coverage;
        message.passages = snapshot.passages;
        message.error = snapshot.error;
        Ok((snapshot.status == Status::Running).then_some(snapshot.cursor))
    }
}
