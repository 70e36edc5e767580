use protocol::{Event, Frames, Shape};
use tokio::sync::watch;

use crate::{Engine, SubscribeError, subscription::Subscription};

/// One event of a training, with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingEvent {
    /// The training.
    pub generation_id: String,
    /// The id of the event in its log.
    pub event: u64,
    /// What happened.
    pub kind: TrainingEventKind,
}

/// What happened in a training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrainingEventKind {
    /// It began.
    Started {
        /// The persona.
        persona_id: String,
        /// What it is taught.
        message: String,
    },
    /// A piece of the new profile.
    Chunk(String),
    /// The persona has that version now.
    Completed {
        /// Its number.
        version: u64,
    },
    /// It failed or was stopped; the persona is as it was.
    Failed {
        /// What happened and what to do.
        error: String,
    },
}

/// A viewer's cursor over a training that runs, or over the next one to come.
pub struct TrainingStream {
    engine: Engine,
    owner: String,
    persona_id: Option<String>,
    state: State,
}

enum State {
    /// Nothing runs: the first training after that number is wanted.
    Waiting {
        after: u64,
        changes: watch::Receiver<()>,
    },
    Following {
        id: String,
        subscription: Box<Subscription>,
    },
    Ended,
}

impl Engine {
    /// Follows a training from the event after `after` on.
    ///
    /// # Errors
    /// [`SubscribeError`] when nothing can come from there on.
    pub async fn follow_training(
        &self,
        owner: &str,
        generation_id: &str,
        after: u64,
    ) -> Result<TrainingStream, SubscribeError> {
        if self.shared.store.training(owner, generation_id).await?.is_none() {
            return Err(SubscribeError::Unknown);
        }
        let subscription = self.subscribe(owner, generation_id, after).await?;
        Ok(self.training_stream(owner, None, State::following(generation_id, subscription)))
    }

    /// Follows the training that runs, or comes next: of that persona or of any.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next_training(
        &self,
        owner: &str,
        persona_id: Option<String>,
    ) -> Result<TrainingStream, store::Error> {
        let store = &self.shared.store;
        // In this order: what begins meanwhile is found.
        let changes = self.shared.notifier.subscribe(owner);
        let after = store.newest_training(owner).await?;
        if let Some(id) = store.running_training(owner, persona_id.as_deref()).await?
            && let Ok(subscription) = self.subscribe(owner, &id, 0).await
        {
            return Ok(self.training_stream(owner, None, State::following(&id, subscription)));
        }
        Ok(self.training_stream(owner, persona_id, State::Waiting { after, changes }))
    }

    fn training_stream(
        &self,
        owner: &str,
        persona_id: Option<String>,
        state: State,
    ) -> TrainingStream {
        TrainingStream { engine: self.clone(), owner: owner.to_owned(), persona_id, state }
    }
}

impl State {
    fn following(id: &str, subscription: Subscription) -> Self {
        Self::Following { id: id.to_owned(), subscription: Box::new(subscription) }
    }
}

impl TrainingStream {
    /// Waits for what follows. None after the end of the training, or when the server closes down
    /// before one has begun.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next(&mut self) -> Result<Option<Vec<TrainingEvent>>, store::Error> {
        loop {
            match &mut self.state {
                State::Ended => return Ok(None),
                State::Waiting { .. } => self.wait().await?,
                State::Following { id, subscription } => {
                    let (id, engine) = (id.clone(), self.engine.clone());
                    let Some(batch) = subscription.next().await? else {
                        self.state = State::Ended;
                        continue;
                    };
                    let mut events = Vec::new();
                    for frame in Frames::new(&batch.frames) {
                        let Ok(event) = frame.event() else { continue };
                        if let Some(kind) = kind(&engine, &self.owner, &id, event).await? {
                            let generation_id = id.clone();
                            events.push(TrainingEvent { generation_id, event: frame.id, kind });
                        }
                    }
                    if !events.is_empty() {
                        return Ok(Some(events));
                    }
                }
            }
        }
    }

    async fn wait(&mut self) -> Result<(), store::Error> {
        let State::Waiting { after, changes } = &mut self.state else { return Ok(()) };
        let (store, persona) = (&self.engine.shared.store, self.persona_id.as_deref());
        let Some(id) = store.next_training(&self.owner, persona, *after).await? else {
            tokio::select! {
                // The sender lives in the engine.
                _ = changes.changed() => {}
                () = self.engine.shared.draining.cancelled() => self.state = State::Ended,
            }
            return Ok(());
        };
        self.state = match self.engine.subscribe(&self.owner, &id, 0).await {
            Ok(subscription) => State::following(&id, subscription),
            Err(_) => State::Ended,
        };
        Ok(())
    }
}

/// What an event of a training's log means.
async fn kind(
    engine: &Engine,
    owner: &str,
    id: &str,
    event: Event,
) -> Result<Option<TrainingEventKind>, store::Error> {
    let store = &engine.shared.store;
    Ok(Some(match event {
        Event::Started(_) => match store.training(owner, id).await? {
            Some(training) => TrainingEventKind::Started {
                persona_id: training.persona_id,
                message: training.message,
            },
            None => return Ok(None),
        },
        Event::FieldDelta(delta) if delta.path == profile_path() => {
            TrainingEventKind::Chunk(delta.text)
        }
        Event::Completed(_) => {
            let training = store.training(owner, id).await?;
            match training.and_then(|training| training.version) {
                Some(version) => TrainingEventKind::Completed { version },
                None => TrainingEventKind::Failed { error: "The persona was deleted.".to_owned() },
            }
        }
        Event::Stopped {} => {
            TrainingEventKind::Failed { error: "The training was stopped.".to_owned() }
        }
        Event::Failed(failure) => TrainingEventKind::Failed { error: failure.message },
        _ => return Ok(None),
    }))
}

fn profile_path() -> String {
    Shape::TRAINING.text_path()
}
