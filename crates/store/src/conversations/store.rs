use std::sync::Arc;

use protocol::Snapshot;
use protocol::conversation::{Listing, Origin, Persona, PersonaListing, PersonaVersions};
use rusqlite::Connection;

use super::change::Changing;
use super::record::{Branch, Change, ConversationPage, TurnOutcome, TurnRecord};
use super::training::{TrainingOutcome, TrainingRecord, TrainingState};
use super::{Changed, Entries, EntryBounds, PersonaChange, ReplyEntry};
use super::{change, entries, list, persona, read, training, turn};
use crate::saved::Saved;
use crate::store::within_deadline;
use crate::{Batch, Error, Idempotency, Log, Store};

/// Conversations and personas. Errors are [`Error::Busy`], [`Error::Corrupt`] and such, and
/// [`Error::UnknownPlace`] for a `before` that no page gives.
impl Store {
    /// Stores a turn: the user's message, the newborn reply and what happened, all or nothing. It
    /// waits for as long as it takes, as [`create`](Self::create) does.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the reply's log does not begin with event 1.
    pub async fn store_turn(&self, turn: TurnRecord) -> Result<TurnOutcome, Error> {
        let saved = Saved::new(&turn.reply.snapshot)?;
        let log = Arc::clone(&turn.reply.log);
        let first = log.after(0).filter(|batch| batch.first == 1).ok_or(Error::OutOfOrder)?;
        let store = move |connection: &Connection| turn::store(connection, &turn, &first, &saved);
        let outcome = self.shared.writer.write(store).await?;
        if matches!(outcome, TurnOutcome::New(_)) {
            self.shared.running.begin(log);
        }
        Ok(outcome)
    }

    /// What a turn with this key has stored before.
    ///
    /// # Errors
    /// See above.
    pub async fn find_turn(
        &self,
        owner: &str,
        idempotency: &Idempotency,
    ) -> Result<Option<TurnOutcome>, Error> {
        let (owner, idempotency) = (owner.to_owned(), idempotency.clone());
        self.read(move |connection| turn::repeated(connection, &owner, &idempotency)).await
    }

    /// A conversation with its newest messages, or those before the place `before`: as many as
    /// `limit` and `most_bytes` of text allow, and one at least.
    ///
    /// # Errors
    /// See above.
    pub async fn conversation(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
        most_bytes: usize,
    ) -> Result<Option<ConversationPage>, Error> {
        let (owner, id, before) = (owner.to_owned(), id.to_owned(), before.map(str::to_owned));
        self.read(move |connection| {
            read::conversation(connection, &owner, &id, before.as_deref(), limit, most_bytes)
        })
        .await
    }

    /// The messages from `message_id` up to the beginning: as many as `most_bytes` of text allow,
    /// and two at least.
    ///
    /// # Errors
    /// See above.
    pub async fn branch(
        &self,
        owner: &str,
        message_id: &str,
        most_bytes: usize,
    ) -> Result<Branch, Error> {
        let (owner, id) = (owner.to_owned(), message_id.to_owned());
        self.read(move |connection| read::branch(connection, &owner, &id, most_bytes)).await
    }

    /// A page of an owner's conversations, those with the newest messages first. `query` is looked
    /// for in titles and users' messages, in any case; an empty one finds all.
    ///
    /// # Errors
    /// See above.
    pub async fn conversations(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error> {
        let (owner, query) = (owner.to_owned(), query.to_owned());
        let before = before.map(str::to_owned);
        self.read(move |connection| {
            list::list(connection, &owner, &query, before.as_deref(), limit)
        })
        .await
    }

    /// Changes a conversation.
    ///
    /// # Errors
    /// See above.
    pub async fn change_conversation(
        &self,
        owner: &str,
        id: &str,
        change: Change,
    ) -> Result<Changing, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.write(move |connection| change::change(connection, &owner, &id, &change)).await
    }

    /// Removes a conversation with its messages and replies. `false` when there is none.
    ///
    /// # Errors
    /// [`Error::Busy`] when a reply is being written in it.
    pub async fn delete_conversation(&self, owner: &str, id: &str) -> Result<bool, Error> {
        let (reader, reading) = (owner.to_owned(), id.to_owned());
        let replies =
            self.read(move |connection| change::replies(connection, &reader, &reading)).await?;
        let Some(replies) = replies else { return Ok(false) };
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.remove_with(replies, move |connection, replies| {
            change::delete(connection, &owner, &id, replies)
        })
        .await
    }

    /// How far the log of entries reaches, and how many there are after `after`, in one conversation
    /// or in all, counted up to `most`.
    ///
    /// # Errors
    /// See above.
    pub async fn entry_bounds(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        most: usize,
    ) -> Result<EntryBounds, Error> {
        let owner = owner.to_owned();
        let conversation_id = conversation_id.map(str::to_owned);
        self.read(move |connection| {
            entries::count(connection, &owner, conversation_id.as_deref(), after, most)
        })
        .await
    }

    /// What happened after the entry `after`, in one conversation or in all: at most `limit`, and
    /// one at least or what `most_bytes` of text allow.
    ///
    /// # Errors
    /// See above.
    pub async fn entries(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        limit: usize,
        most_bytes: usize,
    ) -> Result<Entries, Error> {
        let owner = owner.to_owned();
        let conversation_id = conversation_id.map(str::to_owned);
        self.read(move |connection| {
            let conversation_id = conversation_id.as_deref();
            entries::page(connection, &owner, conversation_id, after, limit, most_bytes)
        })
        .await
    }

    /// The conversations that changed after the entry `after`, in the order of their newest entry,
    /// and the number of the newest entry of all.
    ///
    /// # Errors
    /// See above.
    pub async fn changed_conversations(
        &self,
        owner: &str,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<Changed>, u64), Error> {
        let owner = owner.to_owned();
        self.read(move |connection| {
            let view = connection.unchecked_transaction()?;
            let changed = entries::changed(&view, &owner, after, limit)?;
            Ok((changed, entries::bounds(&view, &owner)?.0))
        })
        .await
    }

    /// The reply that began with the entry `seq`, as long as its conversation is there.
    ///
    /// # Errors
    /// See above.
    pub async fn reply_at(&self, owner: &str, seq: u64) -> Result<Option<ReplyEntry>, Error> {
        let owner = owner.to_owned();
        self.read(move |connection| entries::reply_at(connection, &owner, seq)).await
    }

    /// The replies that are being written, and the number of the newest entry.
    ///
    /// # Errors
    /// See above.
    pub async fn running_replies(&self, owner: &str) -> Result<(Vec<ReplyEntry>, u64), Error> {
        let owner = owner.to_owned();
        self.read(move |connection| {
            let view = connection.unchecked_transaction()?;
            Ok((entries::running(&view, &owner)?, entries::bounds(&view, &owner)?.0))
        })
        .await
    }

    /// Makes a persona.
    ///
    /// # Errors
    /// See above.
    pub async fn create_persona(&self, owner: &str, persona: Persona) -> Result<(), Error> {
        let owner = owner.to_owned();
        self.write(move |connection| persona::create(connection, &owner, &persona)).await
    }

    /// A persona.
    ///
    /// # Errors
    /// See above.
    pub async fn persona(&self, owner: &str, id: &str) -> Result<Option<Persona>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.read(move |connection| persona::find(connection, &owner, &id)).await
    }

    /// A page of an owner's personas, the newest first.
    ///
    /// # Errors
    /// See above.
    pub async fn personas(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<PersonaListing, Error> {
        let (owner, before) = (owner.to_owned(), before.map(str::to_owned));
        self.read(move |connection| persona::list(connection, &owner, before.as_deref(), limit))
            .await
    }

    /// A page of a persona's versions, the newest first. None when there is no such persona.
    ///
    /// # Errors
    /// See above.
    pub async fn persona_versions(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Option<PersonaVersions>, Error> {
        let (owner, id, before) = (owner.to_owned(), id.to_owned(), before.map(str::to_owned));
        self.read(move |connection| {
            persona::versions(connection, &owner, &id, before.as_deref(), limit)
        })
        .await
    }

    /// Makes a new version of a persona, unless nothing changes. None when there is no such
    /// persona.
    ///
    /// # Errors
    /// See above.
    pub async fn change_persona(
        &self,
        owner: &str,
        id: &str,
        change: PersonaChange,
        now_ms: u64,
    ) -> Result<Option<Persona>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.write(move |connection| {
            persona::change(connection, &owner, &id, &change, Origin::Edited, now_ms)
        })
        .await
    }

    /// Makes a new version of a persona that is what an older one was. None when there is none.
    ///
    /// # Errors
    /// See above.
    pub async fn restore_persona(
        &self,
        owner: &str,
        id: &str,
        version: u64,
        now_ms: u64,
    ) -> Result<Option<Persona>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.write(move |connection| persona::restore(connection, &owner, &id, version, now_ms))
            .await
    }

    /// Removes a persona with its versions and trainings. `false` when there is none.
    ///
    /// # Errors
    /// [`Error::Busy`] when a training of it runs.
    pub async fn delete_persona(&self, owner: &str, id: &str) -> Result<bool, Error> {
        let (reader, reading) = (owner.to_owned(), id.to_owned());
        let trainings =
            self.read(move |connection| training::all(connection, &reader, &reading)).await?;
        let Some(trainings) = trainings else { return Ok(false) };
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.remove_with(trainings, move |connection, trainings| {
            training::delete(connection, &owner, &id, trainings)
        })
        .await
    }

    /// Stores a training at birth, unless one of the same persona runs. It waits for as long as it
    /// takes, as [`create`](Self::create) does.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the generation's log does not begin with event 1.
    pub async fn store_training(&self, record: TrainingRecord) -> Result<TrainingOutcome, Error> {
        let saved = Saved::new(&record.generation.snapshot)?;
        let log = Arc::clone(&record.generation.log);
        let first = log.after(0).filter(|batch| batch.first == 1).ok_or(Error::OutOfOrder)?;
        let store =
            move |connection: &Connection| training::store(connection, &record, &first, &saved);
        let outcome = self.shared.writer.write(store).await?;
        if matches!(outcome, TrainingOutcome::New(_)) {
            self.shared.running.begin(log);
        }
        Ok(outcome)
    }

    /// Ends the log of a completed training as [`end`](Self::end) does, and makes the version of
    /// the persona that it leads to: both or neither.
    ///
    /// # Errors
    /// As [`end`](Self::end).
    pub async fn end_training(
        &self,
        log: &Log,
        last: Batch,
        snapshot: &Snapshot,
        profile: &str,
        now_ms: u64,
    ) -> Result<(), Error> {
        let (id, profile) = (log.id().to_owned(), profile.to_owned());
        let complete =
            move |connection: &Connection| training::complete(connection, &id, &profile, now_ms);
        self.end_with(log, last, snapshot, complete).await
    }

    /// A training as it is stored.
    ///
    /// # Errors
    /// See above.
    pub async fn training(
        &self,
        owner: &str,
        generation_id: &str,
    ) -> Result<Option<TrainingState>, Error> {
        let (owner, id) = (owner.to_owned(), generation_id.to_owned());
        self.read(move |connection| training::state(connection, &owner, &id)).await
    }

    /// The oldest training that runs, of that persona or of any.
    ///
    /// # Errors
    /// See above.
    pub async fn running_training(
        &self,
        owner: &str,
        persona_id: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let (owner, persona_id) = (owner.to_owned(), persona_id.map(str::to_owned));
        self.read(move |connection| training::running(connection, &owner, persona_id.as_deref()))
            .await
    }

    /// The number of the newest training of an owner's personas, 0 when there is none.
    ///
    /// # Errors
    /// See above.
    pub async fn newest_training(&self, owner: &str) -> Result<u64, Error> {
        let owner = owner.to_owned();
        self.read(move |connection| training::newest(connection, &owner)).await
    }

    /// The first training after that number, of that persona or of any.
    ///
    /// # Errors
    /// See above.
    pub async fn next_training(
        &self,
        owner: &str,
        persona_id: Option<&str>,
        after: u64,
    ) -> Result<Option<String>, Error> {
        let (owner, persona_id) = (owner.to_owned(), persona_id.map(str::to_owned));
        self.read(move |connection| {
            training::next(connection, &owner, persona_id.as_deref(), after)
        })
        .await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        within_deadline(self.shared.readers.read(work)).await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        within_deadline(self.shared.writer.write(work)).await
    }

    /// Removes generations with what they belong to. The journal says so first, as for others.
    async fn remove_with(
        &self,
        ids: Vec<String>,
        delete: impl Fn(&Connection, &[String]) -> Result<bool, Error> + Send + 'static,
    ) -> Result<bool, Error> {
        let gone = ids.clone();
        let removing = async {
            self.shared.appender.announce_deletion(gone.clone()).await?;
            self.shared.writer.write(move |connection| delete(connection, &ids)).await
        };
        let removed = within_deadline(removing).await?;
        gone.iter().for_each(|id| self.shared.running.forget(id));
        Ok(removed)
    }
}
