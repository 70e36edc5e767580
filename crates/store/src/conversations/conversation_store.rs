use async_trait::async_trait;
use protocol::conversation::Listing;

use crate::{
    Branch, Change, Changed, Changing, ConversationPage, Entries, EntryBounds, Error, Idempotency,
    NotStored, ReplyEntry, TurnOutcome, TurnRecord,
};

/// Keeps conversations and the log of what happened in them.
///
/// What is said of [`Store`](crate::Store) holds here, too. Where nothing else is said, errors are
/// [`Error::Busy`], [`Error::Corrupt`] and such, and [`Error::UnknownPlace`] for a `before` that no
/// page gives.
#[async_trait]
pub trait ConversationStore: Send + Sync + 'static {
    /// Stores a turn: the user's message, the new reply and what happened, all or nothing. It
    /// waits for as long as it takes, as [`create`](crate::Store::create) does.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the reply's log does not begin with event 1.
    async fn store_turn(&self, turn: TurnRecord) -> Result<TurnOutcome, Error>;

    /// What a turn with this key has stored before: [`NotStored::SameRequest`] or
    /// [`NotStored::OtherRequest`].
    ///
    /// # Errors
    /// See above.
    async fn find_turn(
        &self,
        owner: &str,
        idempotency: &Idempotency,
    ) -> Result<Option<NotStored>, Error>;

    /// A conversation with its newest messages, or those before the place `before`: as many as
    /// `limit` and `most_bytes` of text allow, and one at least.
    ///
    /// # Errors
    /// See above.
    async fn conversation(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
        most_bytes: usize,
    ) -> Result<Option<ConversationPage>, Error>;

    /// The messages from `message_id` up to the beginning: as many as `most_bytes` of text allow,
    /// and two at least.
    ///
    /// # Errors
    /// See above.
    async fn branch(
        &self,
        owner: &str,
        message_id: &str,
        most_bytes: usize,
    ) -> Result<Branch, Error>;

    /// A page of an owner's conversations, those with the newest messages first. `query` is looked
    /// for in titles and users' messages, in any case; an empty one finds all.
    ///
    /// # Errors
    /// See above.
    async fn conversations(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error>;

    /// Changes a conversation. A title by someone who comes before the one who gave it the present
    /// one changes nothing.
    ///
    /// # Errors
    /// See above.
    async fn change_conversation(
        &self,
        owner: &str,
        id: &str,
        change: Change,
    ) -> Result<Changing, Error>;

    /// Removes a conversation with its messages and replies. `false` when there is none.
    ///
    /// # Errors
    /// [`Error::Busy`] when a reply is being written in it.
    async fn delete_conversation(&self, owner: &str, id: &str) -> Result<bool, Error>;

    /// How far the log of entries reaches, and how many there are after `after`, in one
    /// conversation or in all, counted up to `most`.
    ///
    /// # Errors
    /// See above.
    async fn entry_bounds(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        most: usize,
    ) -> Result<EntryBounds, Error>;

    /// What happened after the entry `after`, in one conversation or in all: at most `limit`, and
    /// one at least or what `most_bytes` of text allow.
    ///
    /// # Errors
    /// See above.
    async fn entries(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        limit: usize,
        most_bytes: usize,
    ) -> Result<Entries, Error>;

    /// The conversations that changed after the entry `after`, in the order of their newest entry,
    /// and the number of the newest entry of all.
    ///
    /// # Errors
    /// See above.
    async fn changed_conversations(
        &self,
        owner: &str,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<Changed>, u64), Error>;

    /// The reply that began with the entry `seq`, as long as its conversation is there. The entry
    /// itself may be gone.
    ///
    /// # Errors
    /// See above.
    async fn reply_at(&self, owner: &str, seq: u64) -> Result<Option<ReplyEntry>, Error>;

    /// The replies that are being written, in the order of their entries, and the number of the
    /// newest entry of all.
    ///
    /// # Errors
    /// See above.
    async fn running_replies(&self, owner: &str) -> Result<(Vec<ReplyEntry>, u64), Error>;
}
