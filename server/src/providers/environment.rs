use std::sync::Arc;

use llm::{Builtin, PRESETS, Preset, Provider, Providers, SecretString, SetBy, is_same_origin};

use super::{NoProvider, PROBE, bad_key, endpoint::Endpoint, variable};
use crate::config::{Choice, ConnectionConfig, ProviderConfig};

/// The provider that the settings choose. With `auto`, all whose keys are in the environment are
/// connected, too.
pub(super) async fn connect(config: &ProviderConfig) -> Result<Providers, NoProvider> {
    let connection = &config.connection;
    let provider = match config.choice {
        Choice::Builtin => Arc::new(Builtin::new()),
        Choice::OpenAi => remote(connection, named_by_address(connection)).await?,
        Choice::Ollama => ollama(connection).await?,
        Choice::Preset(preset) if preset.is_local() => local(connection, preset).await?,
        Choice::Preset(preset) => remote(connection, preset).await?,
        Choice::Auto => return auto(connection).await,
    };
    Ok(provider.into())
}

/// The first provider that is configured; else an Ollama that answers; else the built-in one.
async fn auto(connection: &ConnectionConfig) -> Result<Providers, NoProvider> {
    if connection.base_url.is_some() || connection.api_key.is_some() {
        return Ok(remote(connection, named_by_address(connection)).await?.into());
    }
    let mut connected = Vec::new();
    for preset in PRESETS.iter().filter(|preset| preset.key_env.and_then(variable).is_some()) {
        // The setting of the model is for the default provider.
        let model = connection.model.clone().filter(|_| connected.is_empty());
        connected.push(remote(&ConnectionConfig { model, ..connection.clone() }, preset).await?);
    }
    if variable("OLLAMA_HOST").is_some() {
        let model = connection.model.clone().filter(|_| connected.is_empty());
        connected.push(ollama(&ConnectionConfig { model, ..connection.clone() }).await?);
    }
    if !connected.is_empty() {
        return Ok(Providers::new(connected.remove(0), connected));
    }
    let is_there = llm::ollama_model(&llm::ollama_base_url(""), PROBE).await.is_some();
    let provider = if is_there { ollama(connection).await? } else { Arc::new(Builtin::new()) };
    Ok(provider.into())
}

/// The preset whose address was configured. Any other address is treated as compatible with OpenAI.
fn named_by_address(connection: &ConnectionConfig) -> &'static Preset {
    let set = connection.base_url.as_deref().unwrap_or_default();
    let mut keyed = PRESETS.iter().filter(|preset| preset.key_env.is_some());
    keyed.find(|preset| is_same_origin(set, preset.base_url)).unwrap_or(&PRESETS[0])
}

async fn remote(
    connection: &ConnectionConfig,
    preset: &'static Preset,
) -> Result<Arc<dyn Provider>, NoProvider> {
    let own_url = preset.base_url_env.and_then(variable);
    let mut set_by = SetBy::default();
    if let (None, Some(variable), Some(_)) = (&connection.base_url, preset.base_url_env, &own_url) {
        set_by.address = variable.to_owned();
    }
    let own_url = own_url.unwrap_or_else(|| preset.base_url.to_owned());
    let base_url = connection.base_url.clone().unwrap_or_else(|| own_url.clone());
    // The key in the preset's variable is for the preset's address, and is sent to no other.
    let own_key = || {
        let key = preset.key_env.and_then(variable).map(SecretString::from);
        key.filter(|_| is_same_origin(&base_url, &own_url))
    };
    let key = match &connection.api_key {
        Some(key) => Some(key.clone()),
        None => own_key().inspect(|_| {
            set_by.key = preset.key_env.unwrap_or("UNSPOOL_API_KEY").to_owned();
        }),
    };
    if key.is_none() && is_same_origin(&base_url, preset.base_url) {
        let own = preset.key_env.map(|variable| format!(" or {variable}")).unwrap_or_default();
        let accepted =
            format!("this provider needs a key: set it{own}, or set another UNSPOOL_BASE_URL");
        return Err(bad_key("", accepted));
    }
    endpoint(connection, preset, base_url, key, set_by).connect().await
}

/// What runs on one's own machine.
async fn local(
    connection: &ConnectionConfig,
    preset: &'static Preset,
) -> Result<Arc<dyn Provider>, NoProvider> {
    let base_url = connection.base_url.clone().unwrap_or_else(|| preset.base_url.to_owned());
    let key = connection.api_key.clone();
    endpoint(connection, preset, base_url, key, SetBy::default()).connect().await
}

async fn ollama(connection: &ConnectionConfig) -> Result<Arc<dyn Provider>, NoProvider> {
    let host = variable("OLLAMA_HOST");
    let mut set_by = SetBy::default();
    if connection.base_url.is_none() && host.is_some() {
        set_by.address = "OLLAMA_HOST".to_owned();
    }
    let own_url = llm::ollama_base_url(&host.unwrap_or_default());
    let base_url = connection.base_url.clone().unwrap_or(own_url);
    let key = connection.api_key.clone();
    endpoint(connection, &Preset::OLLAMA, base_url, key, set_by).connect().await
}

fn endpoint(
    connection: &ConnectionConfig,
    preset: &'static Preset,
    base_url: String,
    key: Option<SecretString>,
    set_by: SetBy,
) -> Endpoint {
    Endpoint {
        name: preset.name.to_owned(),
        preset,
        base_url,
        key,
        model: connection.model.clone(),
        context: None,
        silence: connection.silence,
        set_by,
    }
}
