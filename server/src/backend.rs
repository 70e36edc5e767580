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
    markdown::Block,
};

use crate::{
    config::Config,
    handlers::{
        conversations,
        generations::{LISTED, OWNER, accepted},
    },
    markdown_blocks,
    problem::Refusal,
    responses::{Grant, ResponseBudget},
    state::State,
};

/// How many messages a page of the page's is made with.
const PAGE_MESSAGES: usize = 60;

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

    fn format(&self, text: &str) -> Vec<Block> {
        markdown::render(text)
    }

    fn delete(&self, id: String) -> Reply<()> {
        self.reply(|engine| async move { found(engine.delete(OWNER, &id).await?.then_some(())) })
    }

    fn conversations(&self, query: String, before: Option<String>) -> Reply<conversation::Listing> {
        self.reply(|engine| async move {
            Ok(engine.conversations(OWNER, &query, before.as_deref(), LISTED).await?)
        })
    }

    fn conversation(&self, id: String, before: Option<String>) -> Reply<Conversation> {
        let (responses, grant) = (self.responses.clone(), grant());
        self.reply(|engine| async move {
            let read = async || {
                let before = before.as_deref();
                let mut conversation =
                    conversations::found(&engine, &id, before, PAGE_MESSAGES).await?;
                markdown_blocks::render(&mut conversation);
                Ok(conversation)
            };
            responses.read(&grant, read).await
        })
    }

    fn send(&self, turn: NewTurn, key: Option<u64>) -> Reply<Turn> {
        let key = key.map(|key| format!("page-{key:x}"));
        self.reply(|engine| async move {
            let (stored, before) = engine.send(OWNER, turn, key).await?;
            Ok(conversations::accepted(stored, &before))
        })
    }

    fn regenerate(&self, conversation_id: String, message_id: String) -> Reply<Turn> {
        self.reply(|engine| async move {
            let (stored, before) =
                engine.regenerate(OWNER, conversation_id, message_id, None).await?;
            Ok(conversations::accepted(stored, &before))
        })
    }

    fn stop_reply(&self, conversation_id: String) -> Reply<()> {
        self.reply(|engine| async move {
            of(engine.stop_reply(OWNER, &conversation_id).await?, "conversation")
        })
    }

    fn change_conversation(&self, id: String, change: ChangeConversation) -> Reply<Conversation> {
        self.reply(|engine| async move {
            engine.change_conversation(OWNER, &id, change).await?;
            conversations::found(&engine, &id, None, PAGE_MESSAGES).await
        })
    }

    fn delete_conversation(&self, id: String) -> Reply<()> {
        self.reply(|engine| async move {
            of(engine.delete_conversation(OWNER, &id).await?, "conversation")
        })
    }

    fn personas(&self, before: Option<String>) -> Reply<PersonaListing> {
        self.reply(
            |engine| async move { Ok(engine.personas(OWNER, before.as_deref(), LISTED).await?) },
        )
    }

    fn persona(&self, id: String) -> Reply<Persona> {
        self.reply(|engine| async move {
            engine.persona(OWNER, &id).await?.ok_or_else(|| Refusal::unknown("persona"))
        })
    }

    fn persona_versions(&self, id: String, before: Option<String>) -> Reply<PersonaVersions> {
        self.reply(|engine| async move {
            let versions = engine.persona_versions(OWNER, &id, before.as_deref(), LISTED).await?;
            versions.ok_or_else(|| Refusal::unknown("persona"))
        })
    }

    fn create_persona(&self, persona: NewPersona) -> Reply<Persona> {
        self.reply(|engine| async move { Ok(engine.create_persona(OWNER, persona).await?) })
    }

    fn change_persona(&self, id: String, change: ChangePersona) -> Reply<Persona> {
        self.reply(|engine| async move { Ok(engine.change_persona(OWNER, &id, change).await?) })
    }

    fn restore_persona(&self, id: String, version: u64) -> Reply<Persona> {
        self.reply(|engine| async move { Ok(engine.restore_persona(OWNER, &id, version).await?) })
    }

    fn delete_persona(&self, id: String) -> Reply<()> {
        self.reply(|engine| async move { of(engine.delete_persona(OWNER, &id).await?, "persona") })
    }

    fn about(&self) -> About {
        let (provider, model) = self.engine.provider();
        About {
            provider: provider.to_owned(),
            model: model.to_owned(),
            host: self.engine.host().unwrap_or_default().to_owned(),
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

/// The refusal that there is no such thing, unless there is.
fn of(is_there: bool, what: &str) -> Result<(), Refusal> {
    if is_there { Ok(()) } else { Err(Refusal::unknown(what)) }
}
