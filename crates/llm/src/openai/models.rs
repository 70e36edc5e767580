use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;
use serde_json::Value;

use crate::http::get;

/// The first model that an endpoint lists which writes text. `None` when it lists none in time.
/// What runs on one's own machine mostly has one.
///
/// See [`/models`](https://platform.openai.com/docs/api-reference/models/list).
pub async fn listed_model(
    base_url: &str,
    key: Option<&SecretString>,
    timeout: Duration,
) -> Option<String> {
    let url = Url::parse(&format!("{}/models", base_url.trim().trim_end_matches('/'))).ok()?;
    let list = get::json(url, key, timeout).await?;
    let models = list.get("data")?.as_array()?;
    let mut names = models.iter().filter_map(|model| model.get("id").and_then(Value::as_str));
    names.find(|name| writes(name)).map(str::to_owned)
}

/// Models of embeddings are told by their names.
pub(crate) fn writes(name: &str) -> bool {
    !["embed", "bge-", "minilm", "rerank"].iter().any(|word| name.contains(word))
}
