//! Where a stream begins.

use store::ReplyEntry;

use super::{ConversationStream, Incoming, unless_gone};
use crate::{
    Engine, SubscribeError,
    conversations::{
        Cursor, StreamError,
        cursor::StreamScope,
        followed_reply::{FollowedReply, text_up_to},
    },
};

/// Beyond so many entries, a viewer that comes back gets snapshots instead.
const FAR_BEHIND: usize = 1_000;

impl Engine {
    /// Follows conversations from `after` on: all of the owner's, or one. Without `after`, it
    /// begins with what comes next, and with the replies that are being written.
    ///
    /// # Errors
    /// [`StreamError`] when nothing can come from there on.
    pub async fn follow_conversations(
        &self,
        owner: &str,
        conversation_id: Option<String>,
        after: Option<Cursor>,
    ) -> Result<ConversationStream, StreamError> {
        let store = &self.shared.store;
        // In this order: what happens meanwhile is found.
        let changes = self.shared.notifier.subscribe(owner);
        if let Some(id) = &conversation_id
            && store.conversation(owner, id, None, 1, 0).await?.is_none()
        {
            return Err(StreamError::UnknownConversation);
        }
        let scope = match conversation_id {
            Some(_) => StreamScope::One,
            None => StreamScope::All,
        };
        let mut stream = ConversationStream {
            engine: self.clone(),
            owner: owner.to_owned(),
            conversation_id,
            place: Cursor::at(scope, 0),
            replies: Vec::new(),
            is_behind: true,
            changes,
            merges: false,
            turn: 0,
            opening: Vec::new(),
            is_over: false,
        };
        match after {
            Some(after) => stream.resume(after).await?,
            None => stream.begin().await?,
        }
        Ok(stream)
    }
}

impl ConversationStream {
    /// Begins with what the viewer has of the replies that it goes on with.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn give_prior_texts(&mut self) -> Result<(), store::Error> {
        let engine = self.engine.clone();
        let resumed = self.replies.iter().filter(|reply| reply.event > 1);
        let resumed: Vec<_> = resumed.map(|reply| (reply.entry.id.clone(), reply.event)).collect();
        for (message_id, event) in resumed {
            let text = text_up_to(&engine, &message_id, event).await?;
            self.opening.push(Incoming::Prior { message_id, text });
        }
        Ok(())
    }

    pub(super) async fn begin(&mut self) -> Result<(), store::Error> {
        let (running, head) = self.engine.shared.store.running_replies(&self.owner).await?;
        self.place.seq = head;
        for reply in running {
            unless_gone(self.follow(reply, 0).await)?;
        }
        Ok(())
    }

    pub(super) async fn resume(&mut self, after: Cursor) -> Result<(), StreamError> {
        let store = self.engine.shared.store.clone();
        if after.scope == StreamScope::One && self.place.scope == StreamScope::All {
            return Err(StreamError::UnknownPlace);
        }
        let (conversation_id, owner) = (self.conversation_id.clone(), self.owner.clone());
        let bounds = store
            .entry_bounds(&owner, conversation_id.as_deref(), after.seq, FAR_BEHIND + 1)
            .await?;
        if after.seq > bounds.head {
            return Err(StreamError::UnknownPlace);
        }
        self.place.seq = after.seq;
        let is_far = after.seq < bounds.floor || bounds.following > FAR_BEHIND as u64;
        self.place.sends_snapshots = after.sends_snapshots || is_far;
        for (seq, event) in after.replies {
            if seq > bounds.head {
                return Err(StreamError::UnknownPlace);
            }
            // One whose conversation is gone is not missed: that it was deleted comes later.
            if let Some(reply) = store.reply_at(&owner, seq).await? {
                let followed = self.follow(reply, event).await;
                if matches!(followed, Err(SubscribeError::BeyondEnd { .. })) {
                    return Err(StreamError::UnknownPlace);
                }
                unless_gone(followed)?;
            }
        }
        Ok(())
    }

    /// Reads a reply from the event after `event` on, if it is of interest and goes on there.
    pub(super) async fn follow(
        &mut self,
        reply: ReplyEntry,
        event: u64,
    ) -> Result<(), SubscribeError> {
        if self.conversation_id.as_ref().is_some_and(|id| *id != reply.conversation_id) {
            return Ok(());
        }
        // The first event is given without looking at the log.
        let subscription = self.engine.subscribe(&self.owner, &reply.id, event.max(1)).await?;
        let has_ended = self.has_ended(&reply.id);
        let mut followed = FollowedReply::new(reply, event, has_ended, subscription);
        if self.merges {
            followed.merge_always();
        }
        self.replies.push(followed);
        Ok(())
    }

    /// Whether nothing more is written of a reply.
    pub(super) fn has_ended(&self, reply_id: &str) -> bool {
        let running = self.engine.running(&self.owner, reply_id);
        running.is_none_or(|running| running.log.head().ended)
    }
}
