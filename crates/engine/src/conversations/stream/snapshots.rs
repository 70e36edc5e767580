//! Conversations as a whole, for a viewer that was away for too long.

use protocol::conversation::{Conversation, Event};
use store::{Changed, ReplyEntry};

use super::{ConversationStream, Incoming, unless_gone};

/// How many messages a snapshot has that is sent on a stream, and how many bytes of text.
const MESSAGES: usize = 200;
const BYTES: usize = 256 * 1024;

impl ConversationStream {
    /// Sends the next conversation that has changed, as a whole.
    ///
    /// They come in the order of their newest entry: what happens to one meanwhile brings it to the
    /// end of the line, and the cursor says which were sent.
    pub(super) async fn send_snapshot(
        &mut self,
        given: &mut Vec<Incoming>,
    ) -> Result<(), store::Error> {
        if let Some(id) = self.conversation_id.clone() {
            let head = self.send_whole(&id, None, given).await?;
            self.place.sends_snapshots = false;
            self.is_over |= head.is_none();
            return Ok(());
        }
        let store = &self.engine.shared.store;
        let (changed, head) = store.changed_conversations(&self.owner, self.place.seq, 1).await?;
        let Some(Changed { seq, conversation_id, is_deleted }) = changed.into_iter().next() else {
            self.place.sends_snapshots = false;
            self.place.seq = head;
            return Ok(());
        };
        if is_deleted {
            self.place.seq = seq;
            let event = self.deleted(conversation_id);
            given.push(Incoming::Event(self.cursor(), Box::new(event)));
        } else if self.send_whole(&conversation_id, Some(seq), given).await?.is_none() {
            // It was deleted meanwhile, which comes later.
            self.place.seq = seq;
        }
        Ok(())
    }

    /// Sends a conversation, whose newest entry is `seq`, or all that there are. None when it is
    /// gone.
    async fn send_whole(
        &mut self,
        id: &str,
        seq: Option<u64>,
        given: &mut Vec<Incoming>,
    ) -> Result<Option<()>, store::Error> {
        let engine = self.engine.clone();
        let page = engine.shared.store.conversation(&self.owner, id, None, MESSAGES, BYTES).await?;
        let Some(page) = page else { return Ok(None) };
        let head = page.head;
        let running = page.running.iter().find(|reply| reply.conversation_id == id).cloned();
        let (conversation, cursor) = engine.as_it_stands_now(&self.owner, page).await?;
        self.place.seq = seq.unwrap_or(head);
        self.place.sends_snapshots = seq.is_some();
        self.replies.retain(|reply| reply.entry.conversation_id != id);
        if let (Some(reply), Some((_, event))) = (running, cursor) {
            self.go_on_with(reply, event, &conversation, given).await?;
        }
        given.push(Incoming::Event(
            self.cursor(),
            Box::new(Event::Snapshot(Box::new(conversation))),
        ));
        Ok(Some(()))
    }

    /// Reads on the reply that is being written in a snapshot.
    async fn go_on_with(
        &mut self,
        reply: ReplyEntry,
        event: u64,
        conversation: &Conversation,
        given: &mut Vec<Incoming>,
    ) -> Result<(), store::Error> {
        let message_id = reply.id.clone();
        unless_gone(self.follow(reply, event).await)?;
        self.replies.sort_by_key(|reply| reply.entry.seq);
        let text = conversation.message(&message_id).map(|message| message.content.clone());
        given.push(Incoming::Prior { message_id, text: text.unwrap_or_default() });
        Ok(())
    }
}
