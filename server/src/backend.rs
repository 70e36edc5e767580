use std::sync::Arc;

use app::{About, Backend, Reply};
use engine::{Engine, Start};
use http::request::Parts;
use leptos::prelude::use_context;
use protocol::{
    Accepted, Listing, NewGeneration, Problem, Snapshot,
    conversation::{
        self, ChangeConversation, ChangePersona, Conversation, NewPersona, NewTurn, Persona,
        PersonaListing, PersonaVersions, Turn,
    },
};

use crate::{
    config::Config,
    handlers::generations::{LISTED, OWNER, accepted},
    problem::Refusal,
    responses::{Grant, ResponseBudget},
    state::State,
};

/// What the page's server functions call: the same engine as the routes.
pub(crate) struct EngineBackend {
    engine: Engine,
    config: Arc<Config>,
    responses: ResponseBudget,
}

impl EngineBackend {
    pub(crate) fn new(state: &State) -> Self {
        Self {
            engine: state.engine.clone(),
            config: Arc::clone(&state.config),
            responses: state.responses.clone(),
        }
    }

    fn reply<T, F>(&self, call: impl FnOnce(Engine) -> F) -> Reply<T>
    where
        T: 'static,
        F: Future<Output = Result<T, Refusal>> + Send + 'static,
    {
        let answer = call(self.engine.clone());
        Box::pin(async move { answer.await.map_err(|Refusal(problem)| -> Problem { problem }) })
    }
}

impl Backend for EngineBackend {
    fn start(&self, generation: NewGeneration, key: Option<u64>) -> Reply<Accepted> {
        let key = key.map(|key| format!("page-{key:x}"));
        let start = Start { generation, owner: OWNER.to_owned(), key };
        self.reply(|engine| async move { Ok(accepted(engine.start(start).await?)) })
    }

    fn stop(&self, id: String) -> Reply<()> {
        self.reply(|engine| async move { found(engine.stop(OWNER, &id).await?.then_some(())) })
    }

    fn snapshot(&self, id: String) -> Reply<Snapshot> {
        let (responses, grant) = (self.responses.clone(), grant());
        self.reply(|engine| async move {
            responses.read(&grant, async || found(engine.snapshot(OWNER, &id).await?)).await
        })
    }

    fn input(&self, id: String) -> Reply<String> {
        let (responses, grant) = (self.responses.clone(), grant());
        self.reply(|engine| async move {
            responses.read(&grant, async || found(engine.input(OWNER, &id).await?)).await
        })
    }

    fn list(&self, query: String, before: Option<String>) -> Reply<Listing> {
        self.reply(|engine| async move {
            Ok(engine.list(OWNER, &query, before.as_deref(), LISTED).await?)
        })
    }

    fn delete(&self, id: String) -> Reply<()> {
        self.reply(|engine| async move { found(engine.delete(OWNER, &id).await?.then_some(())) })
    }

    fn conversations(&self, _: String, _: Option<String>) -> Reply<conversation::Listing> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn conversation(&self, _: String, _: Option<String>) -> Reply<Conversation> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn send(&self, _: NewTurn, _: Option<u64>) -> Reply<Turn> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn regenerate(&self, _: String, _: String) -> Reply<Turn> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn stop_reply(&self, _: String) -> Reply<()> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn change_conversation(&self, _: String, _: ChangeConversation) -> Reply<Conversation> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn delete_conversation(&self, _: String) -> Reply<()> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn personas(&self, _: Option<String>) -> Reply<PersonaListing> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn persona(&self, _: String) -> Reply<Persona> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn persona_versions(&self, _: String, _: Option<String>) -> Reply<PersonaVersions> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn create_persona(&self, _: NewPersona) -> Reply<Persona> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn change_persona(&self, _: String, _: ChangePersona) -> Reply<Persona> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn restore_persona(&self, _: String, _: u64) -> Reply<Persona> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn delete_persona(&self, _: String) -> Reply<()> {
        self.reply(|_| async move { Err(Refusal::not_found()) })
    }

    fn about(&self) -> About {
        let (provider, model) = self.engine.provider();
        About {
            provider: provider.to_owned(),
            model: model.to_owned(),
            max_input_bytes: self.config.max_input_bytes as u64,
        }
    }
}

/// The grant of the request that is being answered.
fn grant() -> Grant {
    let parts = use_context::<Parts>();
    parts.and_then(|parts| parts.extensions.get().cloned()).unwrap_or_default()
}

fn found<T>(value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(Refusal::not_found)
}
