use std::sync::Arc;

use app::{About, Backend, Reply};
use engine::{Engine, Start};
use http::request::Parts;
use leptos::prelude::use_context;
use protocol::{Accepted, Listing, NewGeneration, Problem, Snapshot};

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
