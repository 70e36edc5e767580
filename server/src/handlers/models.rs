use std::sync::Arc;

use axum::{Json, extract::State as Shared};
use engine::Engine;
use futures::future::join_all;
use llm::{ErrorKind, ListedModel, Provider};
use protocol::{Model, ModelName, Models, ProviderModels};
use serde_json::{Value, json};

use crate::access::Space;

/// `GET /api/models`
pub(crate) async fn list(Shared(engine): Shared<Engine>, _: Space) -> Json<Models> {
    Json(models(&engine).await)
}

/// `GET /v1/models`: as OpenAI lists them. The default provider's go by their bare names, those of
/// others by `provider/model`.
pub(crate) async fn list_openai(Shared(engine): Shared<Engine>, _: Space) -> Json<Value> {
    let Models { default, providers } = models(&engine).await;
    let data: Vec<Value> = providers
        .into_iter()
        .flat_map(|ProviderModels { name, models, .. }| {
            let is_default = name == default.provider;
            models.into_iter().map(move |Model { id, .. }| {
                let id = if is_default { id } else { format!("{name}/{id}") };
                json!({"id": id, "object": "model", "created": 0, "owned_by": name})
            })
        })
        .collect();
    Json(json!({"object": "list", "data": data}))
}

/// What each provider has, all asked at the same time.
pub(crate) async fn models(engine: &Engine) -> Models {
    let connected = engine.providers();
    let asked = connected.all().map(async |provider| {
        let listed = connected.models(provider.name()).await;
        provider_models(provider, listed)
    });
    let default = connected.default();
    Models {
        default: ModelName {
            provider: default.name().to_owned(),
            model: default.model().to_owned(),
        },
        providers: join_all(asked).await,
    }
}

fn provider_models(
    provider: &Arc<dyn Provider>,
    listed: Result<Arc<[ListedModel]>, llm::Error>,
) -> ProviderModels {
    let reachable = match &listed {
        Ok(_) => true,
        Err(error) => !matches!(error.kind, ErrorKind::Unreachable | ErrorKind::Silent),
    };
    let listed = listed.unwrap_or_default();
    let own = listed.iter().find(|listed| listed.id == provider.model()).cloned();
    let own = own.unwrap_or_else(|| ListedModel::named(provider.model()));
    let others = listed.iter().filter(|listed| listed.id != provider.model()).cloned();
    let said = provider.context_tokens().map(u64::from);
    let place = provider.place();
    ProviderModels {
        name: provider.name().to_owned(),
        kind: place.map_or("builtin", |place| &place.kind).to_owned(),
        host: place.map(|place| place.host.clone()),
        reachable,
        models: std::iter::once(own)
            .chain(others)
            .map(|ListedModel { id, context }| Model { id, context: said.or(context) })
            .collect(),
    }
}
