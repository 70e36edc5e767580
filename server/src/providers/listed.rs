use std::{path::Path, sync::Arc, time::Duration};

use futures::future::try_join_all;
use llm::{Builtin, PRESETS, Preset, Provider, Providers, SecretString, SetBy, is_same_origin};

use super::{NoProvider, endpoint::Endpoint, variable};
use crate::config::{Choice, ListedProvider, ProvidersFile};

/// The providers that a file lists. One whose key is missing is connected all the same: whoever asks
/// it is told which variable to set.
pub(super) async fn connect(
    file: &ProvidersFile,
    silence: Duration,
) -> Result<Providers, NoProvider> {
    let connecting = file.listed.iter().map(|listed| one(listed, &file.path, silence));
    let mut connected = try_join_all(connecting).await?.into_iter();
    let default = connected.next().unwrap_or_else(|| Arc::new(Builtin::new()));
    Ok(Providers::new(default, connected.collect()))
}

async fn one(
    listed: &ListedProvider,
    path: &str,
    silence: Duration,
) -> Result<Arc<dyn Provider>, NoProvider> {
    let preset = match listed.kind {
        Choice::Builtin | Choice::Auto => return Ok(Arc::new(Builtin::new())),
        Choice::OpenAi => &PRESETS[0],
        Choice::Ollama => &Preset::OLLAMA,
        Choice::Preset(preset) => preset,
    };
    let base_url = listed.base_url.clone().unwrap_or_else(|| preset.base_url.to_owned());
    // Its own API lies beside the dialect whose address this is.
    let base_url = match preset.name {
        "ollama" => llm::ollama_base_url(&base_url),
        _ => base_url,
    };
    let own = preset.key_env.filter(|_| is_same_origin(&base_url, preset.base_url));
    let key_env = listed.key_env.as_deref().or(own).filter(|_| listed.key.is_none());
    let key = match key_env {
        Some(name) => variable(name).map(SecretString::from),
        None => listed.key.clone(),
    };
    // Its folder is nobody's business who looks at the page.
    let file = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
    let place = |member| format!("{member} of {} in {file}", listed.name);
    let set_by = SetBy {
        address: place("base_url"),
        key: key_env.map_or_else(|| place("key"), str::to_owned),
        model: place("model"),
    };
    if let (Some(name), None) = (key_env, &key) {
        tracing::warn!("{name} is not set: {} has no key", listed.name);
    }
    let endpoint = Endpoint {
        name: listed.name.clone(),
        preset,
        base_url,
        key,
        model: listed.model.clone(),
        context: listed.context,
        silence,
        set_by,
    };
    endpoint.connect().await
}
