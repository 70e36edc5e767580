use std::sync::Arc;

use llm::Chosen;
use protocol::{
    Fnv, Shape, Snapshot,
    conversation::{NewTurn, first_title},
};
use store::{
    Creation, Idempotency, LOCAL_NODE, MessageRecord, NotStored, Record, StoredTurn, TurnOutcome,
    TurnPlace, TurnRecord,
};
use tokio::time::timeout;

use super::{Cursor, ReplyAssignment, SendError, cursor::StreamScope};
use crate::{
    Engine, StartError,
    assignment::{Assignment, TextAssignment},
    id,
    queue::QueueSlot,
    recorder::Recorder,
    start::{Entered, PATIENCE, first_snapshot, unfinished},
};

/// A turn that is about to be stored.
struct Turn {
    owner: String,
    place: TurnPlace,
    persona_id: Option<Option<String>>,
    chosen: Chosen,
    idempotency: Option<Idempotency>,
}

impl Engine {
    /// Stores a user's message and begins its reply, or finds what the same key has sent before.
    /// With it comes where the conversation's stream goes on before this turn.
    ///
    /// # Errors
    /// [`SendError`] says why nothing was stored.
    pub async fn send(
        &self,
        owner: &str,
        turn: NewTurn,
        key: Option<String>,
    ) -> Result<(StoredTurn, Cursor), SendError> {
        if protocol::is_blank(&turn.content) {
            return Err(SendError::BlankContent);
        }
        let idempotency = key.map(|key| Idempotency { key, fingerprint: fingerprint(&turn) });
        let NewTurn { content, conversation_id, parent_id, persona_id, generation_id, model } =
            turn;
        let new_id = || id::random().map_err(|error| unfinished(&error));
        let title = first_title(&content);
        let message = MessageRecord { id: new_id()?, content };
        let place = match conversation_id {
            Some(conversation_id) => TurnPlace::Follows { conversation_id, parent_id, message },
            // A message can only follow in a conversation that there is.
            None if parent_id.is_some() => return Err(SendError::UnknownMessage),
            None => TurnPlace::New(Creation { id: new_id()?, title, generation_id }, message),
        };
        let persona_id = persona_id.map(|id| Some(id).filter(|id| !id.is_empty()));
        let chosen = self.choose(model.as_deref()).await?;
        self.store_turn(Turn { owner: owner.to_owned(), place, persona_id, chosen, idempotency })
            .await
    }

    /// Begins another reply beside `message_id`, or to it when it is a user's message.
    ///
    /// # Errors
    /// [`SendError`] says why nothing was stored.
    pub async fn regenerate(
        &self,
        owner: &str,
        conversation_id: String,
        message_id: String,
        model: Option<String>,
    ) -> Result<(StoredTurn, Cursor), SendError> {
        let place = TurnPlace::Again { conversation_id, message_id };
        let owner = owner.to_owned();
        let chosen = self.choose(model.as_deref()).await?;
        self.store_turn(Turn { owner, place, persona_id: None, chosen, idempotency: None }).await
    }

    async fn store_turn(&self, turn: Turn) -> Result<(StoredTurn, Cursor), SendError> {
        let shared = &self.shared;
        if shared.draining.is_cancelled() {
            return Err(StartError::ShuttingDown.into());
        }
        let admitted = self.admit(&turn.owner).await;
        let slot = match &admitted {
            Ok(()) => shared.queue.enter(),
            Err(_) => None,
        };
        let stored = match slot {
            // A task of its own: a client that leaves must not leave a reply without a run.
            Some(slot) => {
                let begun = shared.tasks.spawn(self.clone().begin_turn(turn, slot));
                let begun = timeout(PATIENCE, begun).await.map_err(|_| store::Error::Busy)?;
                begun.map_err(|error| unfinished(&error))??
            }
            None => {
                let refused = admitted.err().unwrap_or(StartError::Overloaded);
                self.sent_before(&turn, refused).await?
            }
        };
        let before = Cursor::at(StreamScope::One, stored.before);
        Ok((stored, before))
    }

    /// What the same key has sent, when there is no room for anything new.
    async fn sent_before(&self, turn: &Turn, refused: StartError) -> Result<StoredTurn, SendError> {
        let Some(idempotency) = &turn.idempotency else { return Err(refused.into()) };
        match self.shared.store.find_turn(&turn.owner, idempotency).await? {
            Some(found) => stored_before(found),
            None => Err(refused.into()),
        }
    }

    async fn begin_turn(self, turn: Turn, slot: QueueSlot) -> Result<StoredTurn, SendError> {
        let shared = &self.shared;
        let Turn { owner, place, persona_id, chosen, idempotency } = turn;
        let snapshot = first_reply_snapshot(&place, &chosen)?;
        let Entered { first, running, entry } = self.enter(&owner, &snapshot);
        let reply_id = snapshot.id.clone();
        let reply = Record {
            snapshot,
            owner: owner.clone(),
            node: LOCAL_NODE.to_owned(),
            input: String::new(),
            idempotency: None,
            first,
        };
        let record = TurnRecord { owner: owner.clone(), place, persona_id, reply, idempotency };
        let (stored, writer) = match shared.store.store_turn(record).await? {
            TurnOutcome::New(stored, writer) => (stored, writer),
            TurnOutcome::Not(not) => return stored_before(not),
        };
        shared.notifier.notify(&owner);
        let context_tokens = shared.context_tokens(&chosen);
        let assignment = ReplyAssignment { reply_id, model: chosen.model.clone(), context_tokens };
        let recorder = Recorder::new(Arc::clone(&shared.store), writer, running);
        let assignment = Assignment::Text(TextAssignment::Reply(assignment));
        let runner = self.runner(chosen.clone(), assignment, Shape::REPLY, recorder, slot);
        let (engine, turn) = (self.clone(), stored.clone());
        shared.tasks.spawn(async move {
            runner.run().await;
            drop(entry);
            engine.improve_title(&owner, &turn.conversation_id, &turn.reply_id, chosen).await;
        });
        Ok(stored)
    }
}

fn first_reply_snapshot(place: &TurnPlace, chosen: &Chosen) -> Result<Snapshot, StartError> {
    let question = match place {
        TurnPlace::New(_, message) | TurnPlace::Follows { message, .. } => &message.content,
        TurnPlace::Again { .. } => "",
    };
    first_snapshot(question, question.chars().count() as u64, chosen, &Shape::REPLY)
}

/// What the same request stored before, or why nothing was stored.
fn stored_before(not: NotStored) -> Result<StoredTurn, SendError> {
    match not {
        NotStored::SameRequest(stored) => Ok(stored),
        NotStored::OtherRequest => Err(StartError::KeyReused.into()),
        NotStored::ReplyRunning(reply_id) => Err(SendError::ReplyRunning(reply_id)),
        NotStored::UnknownConversation => Err(SendError::UnknownConversation),
        NotStored::UnknownMessage => Err(SendError::UnknownMessage),
        NotStored::UnknownPersona => Err(SendError::UnknownPersona),
        NotStored::UnknownSource => Err(SendError::UnknownSource),
    }
}

fn fingerprint(turn: &NewTurn) -> Vec<u8> {
    let mut hash = Fnv::default();
    hash.write(&serde_json::to_vec(turn).unwrap_or_default());
    hash.finish().to_be_bytes().to_vec()
}
