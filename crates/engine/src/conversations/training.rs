use std::sync::Arc;

use llm::{Budget, Message, Request, Role};
use protocol::{Shape, conversation::Persona};
use store::{LOCAL_NODE, Record, TrainingOutcome, TrainingRecord};
use tokio::time::timeout;

use super::TrainError;
use crate::{
    Engine, StartError,
    assignment::{Assignment, Prepared, TextAssignment},
    queue::QueueSlot,
    recorder::Recorder,
    start::{Entered, PATIENCE, first_snapshot, unfinished},
};

const INSTRUCTIONS: &str = "You keep the profile of a persona whose name is given below: what it \
    knows, how it speaks, and examples of that. Before the user's message stand, between tags, the \
    profile so far and then what the persona is to be taught now. Write the whole new profile, \
    which takes the place of the one before: keep what is still right, add what is new, change \
    what the teaching corrects, and invent nothing. Write plain sentences or short lists, in the \
    language of the teaching, and nothing but the profile.";

/// A persona to be taught.
pub(crate) struct TrainingAssignment {
    /// The persona as it is.
    persona: Persona,
    /// What it is taught.
    message: String,
}

impl TrainingAssignment {
    /// Asks for the whole new profile.
    pub(crate) fn prepare(self) -> Prepared {
        let Persona { name, profile, .. } = self.persona;
        let message = |role, content| Message { role, content };
        let messages = vec![
            message(Role::System, format!("{INSTRUCTIONS}\n\nThe persona's name: {name}")),
            message(Role::User, "Write the new profile.".to_owned()),
        ];
        let source = [profile.trim(), self.message.trim()].join("\n\n").trim().to_owned();
        let request = Request { budget: Budget::Full, ..Request::text(messages, Some(source)) };
        Prepared::without_source(request)
    }
}

impl Engine {
    /// Begins to teach a persona. Returns the id of the training, which is a generation.
    ///
    /// # Errors
    /// [`TrainError`] says why nothing was begun.
    pub async fn train(
        &self,
        owner: &str,
        persona_id: &str,
        message: String,
    ) -> Result<String, TrainError> {
        let shared = &self.shared;
        if shared.draining.is_cancelled() {
            return Err(StartError::ShuttingDown.into());
        }
        if protocol::is_blank(&message) {
            return Err(TrainError::BlankMessage);
        }
        if shared.store.persona(owner, persona_id).await?.is_none() {
            return Err(TrainError::UnknownPersona);
        }
        self.admit(owner).await?;
        let slot = shared.queue.enter().ok_or(StartError::Overloaded)?;
        let (engine, owner, persona_id) = (self.clone(), owner.to_owned(), persona_id.to_owned());
        // A task of its own: a client that leaves must not leave a training without a run.
        let begun = shared.tasks.spawn(engine.begin_training(owner, persona_id, message, slot));
        let begun = timeout(PATIENCE, begun).await.map_err(|_| store::Error::Busy)?;
        begun.map_err(|error| unfinished(&error))?
    }

    /// Stops the training of a persona that runs, if any. Says whether there is such a persona.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stop_training(&self, owner: &str, persona_id: &str) -> Result<bool, store::Error> {
        let Some(persona) = self.persona(owner, persona_id).await? else { return Ok(false) };
        if let Some(training) = persona.training_id {
            self.stop(owner, &training).await?;
        }
        Ok(true)
    }

    async fn begin_training(
        self,
        owner: String,
        persona_id: String,
        message: String,
        slot: QueueSlot,
    ) -> Result<String, TrainError> {
        let shared = &self.shared;
        let chars = message.chars().count() as u64;
        let chosen = self.choose(None).await?;
        let snapshot = first_snapshot(&message, chars, &chosen, &Shape::TRAINING)?;
        let id = snapshot.id.clone();
        let Entered { first, running, entry } = self.enter(&owner, &snapshot);
        let generation = Record {
            snapshot,
            owner: owner.clone(),
            node: LOCAL_NODE.to_owned(),
            input: String::new(),
            idempotency: None,
            first,
        };
        let record = TrainingRecord { persona_id, message: message.clone(), generation };
        let (persona, writer) = match shared.store.store_training(record).await? {
            TrainingOutcome::New(persona, writer) => (*persona, writer),
            TrainingOutcome::UnknownPersona => return Err(TrainError::UnknownPersona),
            TrainingOutcome::Running(_) => return Err(TrainError::Running),
        };
        shared.notifier.notify(&owner);
        let training = TrainingAssignment { persona, message };
        let assignment = Assignment::Text(TextAssignment::Training(training));
        let recorder = Recorder::new(Arc::clone(&shared.store), writer, running);
        let runner = self.runner(chosen, assignment, Shape::TRAINING, recorder, slot);
        shared.tasks.spawn(async move {
            runner.run().await;
            drop(entry);
        });
        Ok(id)
    }
}
