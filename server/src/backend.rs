use std::{future::ready, sync::Arc};

use app::{About, Backend, Connected, Examine, Reply};
use engine::{Engine, Start};
use http::request::Parts;
use leptos::prelude::use_context;
use protocol::{
    Accepted, Examination, Listing, Models, NewGeneration, Problem, ShareLink, Snapshot,
    conversation::{
        self, ChangeConversation, ChangePersona, Conversation, NewPersona, NewTurn, Persona,
        PersonaListing, PersonaVersions, Turn,
    },
};

use crate::{
    access::{LoggedIn, Space},
    config::Config,
    doctor::{self, Examinations},
    handlers::{
        conversations,
        generations::{LISTED, accepted},
        models, shares,
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
    examinations: Examinations,
}

impl EngineBackend {
    pub(crate) fn new(state: &State) -> Self {
        Self {
            engine: state.engine.clone(),
            config: Arc::clone(&state.config),
            responses: state.responses.clone(),
            examinations: state.examinations.clone(),
        }
    }

    /// Calls the engine for the space of the request that is being answered.
    fn reply<T, F>(&self, call: impl FnOnce(Engine, Space) -> F) -> Reply<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Refusal>> + Send + 'static,
    {
        let Some(space) = extension::<Space>() else {
            let Refusal(problem) = Refusal::unauthorized();
            return Box::pin(ready(Err(problem)));
        };
        let answer = call(self.engine.clone(), space);
        Box::pin(async move { answer.await.map_err(|Refusal(problem)| -> Problem { problem }) })
    }
}

impl Backend for EngineBackend {
    fn start(&self, generation: NewGeneration, key: Option<u64>) -> Reply<Accepted> {
        let key = key.map(|key| format!("page-{key:x}"));
        self.reply(|engine, space| async move {
            let start = Start { generation, owner: space.to_string(), key };
            Ok(accepted(engine.start(start).await?))
        })
    }

    fn stop(&self, id: String) -> Reply<()> {
        self.reply(
            |engine, space| async move { found(engine.stop(&space, &id).await?.then_some(())) },
        )
    }

    fn snapshot(&self, id: String) -> Reply<Snapshot> {
        let (responses, grant) = (self.responses.clone(), grant());
        self.reply(|engine, space| async move {
            responses.read(&grant, async || found(engine.snapshot(&space, &id).await?)).await
        })
    }

    fn input(&self, id: String) -> Reply<String> {
        let (responses, grant) = (self.responses.clone(), grant());
        self.reply(|engine, space| async move {
            responses.read(&grant, async || found(engine.input(&space, &id).await?)).await
        })
    }

    fn list(&self, query: String, before: Option<String>) -> Reply<Listing> {
        self.reply(|engine, space| async move {
            Ok(engine.list(&space, &query, before.as_deref(), LISTED).await?)
        })
    }

    fn delete(&self, id: String) -> Reply<()> {
        self.reply(
            |engine, space| async move { found(engine.delete(&space, &id).await?.then_some(())) },
        )
    }

    fn conversations(&self, query: String, before: Option<String>) -> Reply<conversation::Listing> {
        self.reply(|engine, space| async move {
            Ok(engine.conversations(&space, &query, before.as_deref(), LISTED).await?)
        })
    }

    fn conversation(&self, id: String, before: Option<String>) -> Reply<Conversation> {
        let (responses, grant) = (self.responses.clone(), grant());
        self.reply(|engine, space| async move {
            let read = async || {
                let before = before.as_deref();
                let mut conversation =
                    conversations::found(&engine, &space, &id, before, PAGE_MESSAGES).await?;
                markdown_blocks::render(&mut conversation);
                Ok(conversation)
            };
            responses.read(&grant, read).await
        })
    }

    fn send(&self, turn: NewTurn, key: Option<u64>) -> Reply<Turn> {
        let key = key.map(|key| format!("page-{key:x}"));
        self.reply(|engine, space| async move {
            let (stored, before) = engine.send(&space, turn, key).await?;
            Ok(conversations::accepted(stored, &before))
        })
    }

    fn regenerate(&self, conversation_id: String, message_id: String) -> Reply<Turn> {
        self.reply(|engine, space| async move {
            let (stored, before) =
                engine.regenerate(&space, conversation_id, message_id, None).await?;
            Ok(conversations::accepted(stored, &before))
        })
    }

    fn stop_reply(&self, conversation_id: String) -> Reply<()> {
        self.reply(|engine, space| async move {
            of(engine.stop_reply(&space, &conversation_id).await?, "conversation")
        })
    }

    fn change_conversation(&self, id: String, change: ChangeConversation) -> Reply<Conversation> {
        self.reply(|engine, space| async move {
            engine.change_conversation(&space, &id, change).await?;
            conversations::found(&engine, &space, &id, None, PAGE_MESSAGES).await
        })
    }

    fn delete_conversation(&self, id: String) -> Reply<()> {
        self.reply(|engine, space| async move {
            of(engine.delete_conversation(&space, &id).await?, "conversation")
        })
    }

    fn personas(&self, before: Option<String>) -> Reply<PersonaListing> {
        self.reply(|engine, space| async move {
            Ok(engine.personas(&space, before.as_deref(), LISTED).await?)
        })
    }

    fn persona(&self, id: String) -> Reply<Persona> {
        self.reply(|engine, space| async move {
            engine.persona(&space, &id).await?.ok_or_else(|| Refusal::unknown("persona"))
        })
    }

    fn persona_versions(&self, id: String, before: Option<String>) -> Reply<PersonaVersions> {
        self.reply(|engine, space| async move {
            let versions = engine.persona_versions(&space, &id, before.as_deref(), LISTED).await?;
            versions.ok_or_else(|| Refusal::unknown("persona"))
        })
    }

    fn create_persona(&self, persona: NewPersona) -> Reply<Persona> {
        self.reply(|engine, space| async move { Ok(engine.create_persona(&space, persona).await?) })
    }

    fn change_persona(&self, id: String, change: ChangePersona) -> Reply<Persona> {
        self.reply(
            |engine, space| async move { Ok(engine.change_persona(&space, &id, change).await?) },
        )
    }

    fn restore_persona(&self, id: String, version: u64) -> Reply<Persona> {
        self.reply(|engine, space| async move {
            Ok(engine.restore_persona(&space, &id, version).await?)
        })
    }

    fn delete_persona(&self, id: String) -> Reply<()> {
        self.reply(|engine, space| async move {
            of(engine.delete_persona(&space, &id).await?, "persona")
        })
    }

    fn share_generation(&self, id: String) -> Reply<ShareLink> {
        self.reply(|engine, space| async move {
            let share = found(engine.share_generation(&space, &id).await?)?;
            Ok(shares::link(&share))
        })
    }

    fn share_conversation(&self, id: String) -> Reply<ShareLink> {
        self.reply(|engine, space| async move {
            let share = engine.share_branch(&space, &id, None).await?;
            Ok(shares::link(&share.ok_or_else(|| Refusal::unknown("conversation"))?))
        })
    }

    fn withdraw_share(&self, id: String) -> Reply<()> {
        self.reply(
            |engine, space| async move { of(engine.withdraw_share(&space, &id).await?, "share") },
        )
    }

    fn models(&self) -> Reply<Models> {
        self.reply(|engine, _| async move { Ok(models::models(&engine).await) })
    }

    fn connected(&self) -> Reply<Connected> {
        self.reply(|engine, _| async move {
            let providers = engine.providers().all();
            Ok(Connected {
                providers: providers.map(|provider| doctor::unexamined(&**provider)).collect(),
                lines: doctor::connect_lines(),
            })
        })
    }

    fn examine(&self, examine: Examine) -> Reply<Examination> {
        let examinations = self.examinations.clone();
        let assumed = self.config.engine.context_tokens.unwrap_or(engine::CONTEXT_TOKENS);
        let Examine { provider, again, seen, language } = examine;
        self.reply(move |engine, _| async move {
            let named = engine.providers().named(&provider).cloned();
            let provider = named.ok_or_else(|| Refusal::unknown("provider"))?;
            let language = doctor::Language::of_tag(&language);
            let look = doctor::Look { again, seen, language, assumed: u64::from(assumed) };
            Ok(examinations.look(provider, look).await)
        })
    }

    fn about(&self) -> About {
        let provider = self.engine.providers().default();
        About {
            provider: provider.name().to_owned(),
            model: provider.model().to_owned(),
            host: provider.host().unwrap_or_default().to_owned(),
            has_choice: self.engine.providers().has_choice(),
            max_input_bytes: self.config.max_input_bytes as u64,
            is_logged_in: extension::<LoggedIn>().is_some(),
        }
    }
}

/// The grant of the request that is being answered.
fn grant() -> Grant {
    extension().unwrap_or_default()
}

/// What a middleware has added to the request that is being answered.
fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    use_context::<Parts>()?.extensions.get().cloned()
}

fn found<T>(value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(Refusal::not_found)
}

/// The refusal that there is no such thing, unless there is.
fn of(is_there: bool, what: &str) -> Result<(), Refusal> {
    if is_there { Ok(()) } else { Err(Refusal::unknown(what)) }
}
