use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;

use crate::catalog::{self, ListedModel};
use crate::http::get;
use crate::openai::address;
use crate::{Error, ErrorKind};

/// Of so many models it is asked how much they read.
const MOST_ASKED: usize = 24;

/// The address of Ollama's OpenAI dialect on a host as [`OLLAMA_HOST`] names it: scheme and port
/// may be missing, and `0.0.0.0` (where a server listens) stands for this machine.
///
/// [`OLLAMA_HOST`]: https://github.com/ollama/ollama/blob/main/docs/faq.md
#[must_use]
pub fn ollama_base_url(host: &str) -> String {
    let host = host.trim().trim_end_matches('/');
    let (scheme, rest) = host.split_once("://").unwrap_or(("", host));
    let (place, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let bare = place.rsplit_once(']').map_or(place, |(_, port)| port);
    let port = if scheme.is_empty() && !bare.contains(':') { ":11434" } else { "" };
    let place = match place.strip_prefix("0.0.0.0") {
        Some(port) => format!("127.0.0.1{port}"),
        None if place.is_empty() || place.starts_with(':') => format!("127.0.0.1{place}"),
        None => place.to_owned(),
    };
    let scheme = if scheme.is_empty() { "http" } else { scheme };
    format!("{scheme}://{place}{port}{}/v1", path.trim_end_matches("/v1"))
}

/// The first model that an Ollama has which writes text. `None` when no Ollama answers there in
/// time, or it has no such model. `base_url` is that of its OpenAI dialect.
pub async fn ollama_model(base_url: &str, timeout: Duration) -> Option<String> {
    let models = tags(base_url, None, timeout).await.ok()?;
    models.into_iter().next().map(|model| model.id)
}

/// The models that an Ollama has which write text, with how much they read.
///
/// See [`/api/show`](https://github.com/ollama/ollama/blob/main/docs/api.md#show-model-information).
pub(super) async fn listed(
    base_url: &str,
    key: Option<&SecretString>,
    timeout: Duration,
) -> Result<Vec<ListedModel>, Error> {
    let mut models = tags(base_url, key, timeout).await?;
    let url = address(host(base_url), "/api/show")?;
    let asked = models.iter_mut().take(MOST_ASKED).map(|model| {
        let url = url.clone();
        async move {
            let shown = get::posted(url, key, &json!({"model": model.id}), timeout).await;
            model.context = shown.as_ref().and_then(catalog::context_of_ollama);
        }
    });
    futures::future::join_all(asked).await;
    Ok(models)
}

/// See [`/api/tags`](https://github.com/ollama/ollama/blob/main/docs/api.md#list-local-models).
async fn tags(
    base_url: &str,
    key: Option<&SecretString>,
    timeout: Duration,
) -> Result<Vec<ListedModel>, Error> {
    let answer = get::try_json(address(host(base_url), "/api/tags")?, key, timeout).await?;
    catalog::of_ollama(&answer)
        .ok_or_else(|| Error::new(ErrorKind::Broken, "the answer is no list of models"))
}

fn host(base_url: &str) -> &str {
    base_url.trim().trim_end_matches('/').trim_end_matches("/v1")
}
