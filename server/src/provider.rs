use std::{sync::Arc, time::Duration};

use llm::{
    Builtin, ErrorKind, Ollama, OpenAi, PRESETS, Preset, Provider, SecretString, Settings,
    Timeouts, is_same_origin, redact,
};

use crate::config::{BadSetting, Choice, ProviderConfig, Rejected, is_address};

/// How long a local Ollama may take to say that it is there, and which models it has.
const PROBE: Duration = Duration::from_millis(800);

/// Why there is no provider to answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoProvider {
    /// A setting is missing or wrong.
    #[error(transparent)]
    Setting(#[from] BadSetting),
    /// The address is not valid. It may have come from the provider's own variable.
    #[error(
        "UNSPOOL_BASE_URL, or the provider's own OPENAI_BASE_URL or OLLAMA_HOST, is {:?}: an \
         http:// or https:// address without a query is accepted",
        redact(.0)
    )]
    Address(String),
    /// The same for an address with a login, which is not shown.
    #[error(
        "UNSPOOL_BASE_URL, or the provider's own OPENAI_BASE_URL or OLLAMA_HOST, holds a login \
         (not shown) and is no address: an http:// or https:// address without a query is accepted"
    )]
    AddressWithLogin,
    /// The provider cannot be made of these settings.
    #[error("UNSPOOL_PROVIDER: {0}")]
    Provider(llm::Error),
}

impl From<llm::Error> for NoProvider {
    fn from(error: llm::Error) -> Self {
        match error.kind {
            ErrorKind::Unauthorised => {
                bad_key("(not shown)", "a key of visible ASCII characters is accepted")
            }
            _ => Self::Provider(error),
        }
    }
}

fn bad_key(shown: &str, accepted: &'static str) -> NoProvider {
    BadSetting::new("API_KEY", Rejected::new(shown, accepted)).into()
}

/// Makes the provider that the settings ask for.
pub(crate) async fn choose(config: &ProviderConfig) -> Result<Arc<dyn Provider>, NoProvider> {
    match config.choice {
        Choice::Builtin => Ok(Arc::new(Builtin::new())),
        Choice::OpenAi => openai(config, named_by_address(config)),
        Choice::Ollama => ollama(config).await,
        Choice::Preset(preset) if preset.is_local() => local(config, preset).await,
        Choice::Preset(preset) => openai(config, preset),
        Choice::Auto => auto(config).await,
    }
}

/// The first provider that is configured; else an Ollama that answers; else the built-in one.
async fn auto(config: &ProviderConfig) -> Result<Arc<dyn Provider>, NoProvider> {
    if config.base_url.is_some() || config.api_key.is_some() {
        return openai(config, named_by_address(config));
    }
    let keyed = PRESETS.iter().find(|preset| preset.key_env.and_then(variable).is_some());
    if let Some(preset) = keyed {
        return openai(config, preset);
    }
    if variable("OLLAMA_HOST").is_some() {
        return ollama(config).await;
    }
    let local = llm::ollama_base_url("");
    match llm::ollama_model(&local, PROBE).await {
        Some(found) => {
            let model = config.model.clone().unwrap_or(found);
            let api_key = config.api_key.clone();
            connect(config, Preset::named("ollama"), local, api_key, model)
        }
        None => Ok(Arc::new(Builtin::new())),
    }
}

/// The preset whose address was configured. Any other address is treated as compatible with OpenAI.
fn named_by_address(config: &ProviderConfig) -> &'static Preset {
    let set = config.base_url.as_deref().unwrap_or_default();
    let keyed = PRESETS.iter().filter(|preset| preset.key_env.is_some());
    keyed.into_iter().find(|preset| is_same_origin(set, preset.base_url)).unwrap_or(&PRESETS[0])
}

fn openai(config: &ProviderConfig, preset: &Preset) -> Result<Arc<dyn Provider>, NoProvider> {
    let own_url = preset.base_url_env.and_then(variable);
    let own_url = own_url.unwrap_or_else(|| preset.base_url.to_owned());
    let base_url = config.base_url.clone().unwrap_or_else(|| own_url.clone());
    // The key in the preset's variable is for the preset's address, and is sent to no other.
    let own_key = || {
        let key = preset.key_env.and_then(variable).map(SecretString::from);
        key.filter(|_| is_same_origin(&base_url, &own_url))
    };
    let api_key = config.api_key.clone().or_else(own_key);
    if api_key.is_none() && is_same_origin(&base_url, preset.base_url) {
        return Err(bad_key("", "this provider needs a key, or another UNSPOOL_BASE_URL"));
    }
    let model = config.model.clone().unwrap_or_else(|| preset.default_model.to_owned());
    connect(config, Some(preset), base_url, api_key, model)
}

/// What runs on one's own machine, with the first model that it has.
async fn local(
    config: &ProviderConfig,
    preset: &'static Preset,
) -> Result<Arc<dyn Provider>, NoProvider> {
    let base_url = config.base_url.clone().unwrap_or_else(|| preset.base_url.to_owned());
    let model = match &config.model {
        Some(model) => model.clone(),
        None => {
            let found = llm::listed_model(&base_url, config.api_key.as_ref(), PROBE).await;
            found.unwrap_or_else(|| preset.default_model.to_owned())
        }
    };
    connect(config, Some(preset), base_url, config.api_key.clone(), model)
}

async fn ollama(config: &ProviderConfig) -> Result<Arc<dyn Provider>, NoProvider> {
    let host = variable("OLLAMA_HOST").unwrap_or_default();
    let base_url = config.base_url.clone().unwrap_or_else(|| llm::ollama_base_url(&host));
    let model = match &config.model {
        Some(model) => model.clone(),
        None => match llm::ollama_model(&base_url, PROBE).await {
            Some(model) => model,
            None => Preset::named("ollama").map_or("", |preset| preset.default_model).to_owned(),
        },
    };
    connect(config, Preset::named("ollama"), base_url, config.api_key.clone(), model)
}

fn connect(
    config: &ProviderConfig,
    preset: Option<&Preset>,
    base_url: String,
    api_key: Option<SecretString>,
    model: String,
) -> Result<Arc<dyn Provider>, NoProvider> {
    if !is_address(&base_url) {
        return Err(if base_url.contains('@') {
            NoProvider::AddressWithLogin
        } else {
            NoProvider::Address(base_url)
        });
    }
    let name = preset.map_or("openai", |preset| preset.name);
    // Another address than its own may be anything.
    let preset = preset.filter(|preset| is_same_origin(&base_url, preset.base_url));
    let settings = Settings {
        name: name.to_owned(),
        base_url,
        api_key,
        model,
        timeouts: Timeouts::of_silence(config.silence),
        form: preset.map(|preset| preset.form).unwrap_or_default(),
    };
    if name == "ollama" {
        return Ok(Arc::new(Ollama::new(settings)?));
    }
    Ok(Arc::new(OpenAi::new(settings)?))
}

/// A variable of the environment that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}
