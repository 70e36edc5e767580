use std::time::Duration;

use reqwest::Url;

use crate::http::get;
use crate::openai::writes;

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
///
/// See [`/api/tags`](https://github.com/ollama/ollama/blob/main/docs/api.md#list-local-models).
pub async fn ollama_model(base_url: &str, timeout: Duration) -> Option<String> {
    let host = base_url.trim_end_matches('/').trim_end_matches("/v1");
    let url = Url::parse(&format!("{host}/api/tags")).ok()?;
    let list = get::json(url, None, timeout).await?;
    let models = list.get("models")?.as_array()?;
    let mut names = models.iter().filter_map(|model| model.get("name")?.as_str());
    names.find(|name| writes(name)).map(str::to_owned)
}
