use async_trait::async_trait;
use protocol::conversation::Listing;
use rusqlite::Connection;

use super::{change, entries, list, read, turn};
use crate::saved::Saved;
use crate::sqlite::SqliteStore;
use crate::{
    Branch, Change, Changed, Changing, ConversationPage, ConversationStore, Entries, EntryBounds,
    Error, Idempotency, NotStored, ReplyEntry, TurnOutcome, TurnRecord,
};

#[async_trait]
impl ConversationStore for SqliteStore {
    async fn store_turn(&self, turn: TurnRecord) -> Result<TurnOutcome, Error> {
        if turn.reply.first.first != 1 {
            return Err(Error::OutOfOrder);
        }
        let saved = Saved::new(&turn.reply.snapshot)?;
        let cursor = turn.reply.first.last;
        let store = move |connection: &Connection| turn::store(connection, &turn, &saved);
        Ok(match self.shared.writer.write(store).await? {
            Ok(stored) => {
                let writer = self.log_writer(&stored.reply_id, cursor);
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
        let (owner, idempotency) = (owner.to_owned(), idempotency.clone());
        self.with_reader(move |connection| turn::repeated(connection, &owner, &idempotency)).await
    }

    async fn conversation(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
        most_bytes: usize,
    ) -> Result<Option<ConversationPage>, Error> {
        let (owner, id, before) = (owner.to_owned(), id.to_owned(), before.map(str::to_owned));
        self.with_reader(move |connection: &Connection| {
            read::conversation(connection, &owner, &id, before.as_deref(), limit, most_bytes)
        })
        .await
    }

    async fn branch(
        &self,
        owner: &str,
        message_id: &str,
        most_bytes: usize,
    ) -> Result<Branch, Error> {
        let (owner, id) = (owner.to_owned(), message_id.to_owned());
        self.with_reader(move |connection| read::branch(connection, &owner, &id, most_bytes)).await
    }

    async fn conversations(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error> {
        let (owner, query) = (owner.to_owned(), query.to_owned());
        let before = before.map(str::to_owned);
        self.with_reader(move |connection: &Connection| {
            list::list(connection, &owner, &query, before.as_deref(), limit)
        })
        .await
    }

    async fn change_conversation(
        &self,
        owner: &str,
        id: &str,
        change: Change,
    ) -> Result<Changing, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.with_writer(move |connection| change::change(connection, &owner, &id, &change)).await
    }

    async fn delete_conversation(&self, owner: &str, id: &str) -> Result<bool, Error> {
        let (reader, reading) = (owner.to_owned(), id.to_owned());
        let replies = self
            .with_reader(move |connection| change::replies(connection, &reader, &reading))
            .await?;
        let Some(replies) = replies else { return Ok(false) };
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.remove_with(replies, move |connection, replies| {
            change::delete(connection, &owner, &id, replies)
        })
        .await
    }

    async fn entry_bounds(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        most: usize,
    ) -> Result<EntryBounds, Error> {
        let owner = owner.to_owned();
        let conversation_id = conversation_id.map(str::to_owned);
        self.with_reader(move |connection: &Connection| {
            entries::count(connection, &owner, conversation_id.as_deref(), after, most)
        })
        .await
    }

    async fn entries(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        limit: usize,
        most_bytes: usize,
    ) -> Result<Entries, Error> {
        let owner = owner.to_owned();
        let conversation_id = conversation_id.map(str::to_owned);
        self.with_reader(move |connection: &Connection| {
            let conversation_id = conversation_id.as_deref();
            entries::page(connection, &owner, conversation_id, after, limit, most_bytes)
        })
        .await
    }

    async fn changed_conversations(
        &self,
        owner: &str,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<Changed>, u64), Error> {
        let owner = owner.to_owned();
        self.with_reader(move |connection: &Connection| {
            let view = connection.unchecked_transaction()?;
            let changed = entries::changed(&view, &owner, after, limit)?;
            Ok((changed, entries::bounds(&view, &owner)?.0))
        })
        .await
    }

    async fn reply_at(&self, owner: &str, seq: u64) -> Result<Option<ReplyEntry>, Error> {
        let owner = owner.to_owned();
        self.with_reader(move |connection| entries::reply_at(connection, &owner, seq)).await
    }

    async fn running_replies(&self, owner: &str) -> Result<(Vec<ReplyEntry>, u64), Error> {
        let owner = owner.to_owned();
        self.with_reader(move |connection: &Connection| {
            let view = connection.unchecked_transaction()?;
            Ok((entries::running(&view, &owner)?, entries::bounds(&view, &owner)?.0))
        })
        .await
    }
}
