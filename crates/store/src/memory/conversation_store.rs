use async_trait::async_trait;
use protocol::conversation::Listing;

use super::store::MemoryStore;
use crate::{
    Branch, Change, Changed, Changing, ConversationPage, ConversationStore, Entries, EntryBounds,
    Error, Idempotency, NotStored, ReplyEntry, TurnOutcome, TurnRecord,
};

#[async_trait]
impl ConversationStore for MemoryStore {
    async fn store_turn(&self, turn: TurnRecord) -> Result<TurnOutcome, Error> {
        if turn.reply.first.first != 1 {
            return Err(Error::OutOfOrder);
        }
        Ok(match self.contents()?.store_turn(turn)? {
            Ok(stored) => {
                let writer = self.log_writer(&stored.reply_id, 0);
                TurnOutcome::New(stored, writer)
            }
            Err(refused) => TurnOutcome::Not(refused),
        })
    }

    async fn find_turn(
        &self,
        owner: &str,
        idempotency: &Idempotency,
    ) -> Result<Option<NotStored>, Error> {
        Ok(self.contents()?.find_turn(owner, idempotency))
    }

    async fn conversation(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
        most_bytes: usize,
    ) -> Result<Option<ConversationPage>, Error> {
        self.contents()?.conversation(owner, id, before, limit, most_bytes)
    }

    async fn branch(
        &self,
        owner: &str,
        message_id: &str,
        most_bytes: usize,
    ) -> Result<Branch, Error> {
        Ok(self.contents()?.branch(owner, message_id, most_bytes))
    }

    async fn conversations(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error> {
        self.contents()?.conversations(owner, query, before, limit)
    }

    async fn change_conversation(
        &self,
        owner: &str,
        id: &str,
        change: Change,
    ) -> Result<Changing, Error> {
        Ok(self.contents()?.change_conversation(owner, id, change))
    }

    async fn delete_conversation(&self, owner: &str, id: &str) -> Result<bool, Error> {
        self.contents()?.delete_conversation(owner, id)
    }

    async fn entry_bounds(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        most: usize,
    ) -> Result<EntryBounds, Error> {
        Ok(self.contents()?.entry_bounds(owner, conversation_id, after, most))
    }

    async fn entries(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        limit: usize,
        most_bytes: usize,
    ) -> Result<Entries, Error> {
        Ok(self.contents()?.entries(owner, conversation_id, after, limit, most_bytes))
    }

    async fn changed_conversations(
        &self,
        owner: &str,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<Changed>, u64), Error> {
        Ok(self.contents()?.changed_conversations(owner, after, limit))
    }

    async fn reply_at(&self, owner: &str, seq: u64) -> Result<Option<ReplyEntry>, Error> {
        Ok(self.contents()?.reply_at(owner, seq))
    }

    async fn running_replies(&self, owner: &str) -> Result<(Vec<ReplyEntry>, u64), Error> {
        let contents = self.contents()?;
        Ok((contents.running_replies(owner), contents.newest_entry(owner)))
    }
}
