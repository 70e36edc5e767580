//! What a server says of itself when it is asked: what it is, and how much its models read.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::Capacity;
use crate::catalog::context_of_openai;
use crate::http::get;

/// How long a server may take to say what it is, and to count the tokens of a text.
const PATIENCE: Duration = Duration::from_secs(2);
const COUNTING: Duration = Duration::from_secs(20);

/// How long one goes by what it said: it may be started anew with another context.
const LASTS: Duration = Duration::from_secs(5 * 60);

/// Models of which it is remembered. Requests name models, so that the number needs a bound.
const MAX_MODELS: usize = 64;

/// A server that takes words that others do not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ServerKind {
    /// Any other, or not asked yet.
    #[default]
    Other,
    LlamaCpp,
    Vllm,
}

/// What was found out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: ServerKind,
    pub(super) capacity: Capacity,
}

/// Asks a server what it is, by `/v1/models`, and llama.cpp by its own addresses beside that.
#[derive(Debug)]
pub(super) struct Inquiry {
    /// The address without `/v1`.
    root: String,
    base: String,
    key: Option<SecretString>,
    found: Mutex<HashMap<String, (Instant, Found)>>,
}

impl Inquiry {
    pub(super) fn new(base_url: &str, key: Option<SecretString>) -> Self {
        let base = base_url.trim().trim_end_matches('/').to_owned();
        let root = base.strip_suffix("/v1").unwrap_or(&base).to_owned();
        Self { root, base, key, found: Mutex::default() }
    }

    /// What the server is known to be, without asking it.
    pub(super) fn known(&self, model: &str) -> ServerKind {
        self.remembered().get(model).map(|(_, found)| found.kind).unwrap_or_default()
    }

    /// What the server says of a model. One that says nothing is asked again after a while.
    pub(super) async fn ask(&self, model: &str) -> Found {
        let fresh = |(since, _): &&(Instant, Found)| since.elapsed() < LASTS;
        if let Some((_, found)) = self.remembered().get(model).filter(fresh) {
            return *found;
        }
        let found = self.find(model).await.unwrap_or_default();
        let mut remembered = self.remembered();
        if remembered.contains_key(model) || remembered.len() < MAX_MODELS {
            remembered.insert(model.to_owned(), (Instant::now(), found));
        }
        found
    }

    /// How many tokens a text has; none where the server does not count.
    pub(super) async fn count(&self, model: &str, text: &str) -> Option<u64> {
        if self.ask(model).await.kind != ServerKind::LlamaCpp {
            return None;
        }
        let url = Url::parse(&format!("{}/tokenize", self.root)).ok()?;
        let body = json!({"content": text});
        let tokens = get::posted(url, self.key.as_ref(), &body, COUNTING).await?;
        Some(tokens.get("tokens")?.as_array()?.len() as u64)
    }

    async fn find(&self, model: &str) -> Option<Found> {
        let list = self.get(&format!("{}/models", self.base)).await?;
        let models = list.get("data")?.as_array()?;
        let named = models.iter().find(|one| one.get("id").is_some_and(|id| id == model));
        let entry = named.or(models.first().filter(|_| models.len() == 1))?;
        let kind = match entry.get("owned_by").and_then(Value::as_str) {
            Some("llamacpp") => ServerKind::LlamaCpp,
            Some("vllm") => ServerKind::Vllm,
            _ => ServerKind::Other,
        };
        let mut capacity = Capacity { context_tokens: context_of_openai(entry), at_once: None };
        if kind == ServerKind::LlamaCpp
            && let Some(props) = self.get(&format!("{}/props", self.root)).await
        {
            let count = |place: &str| props.pointer(place).and_then(Value::as_u64);
            let tokens = count("/default_generation_settings/n_ctx");
            let slots = count("/total_slots").and_then(|slots| usize::try_from(slots).ok());
            capacity =
                Capacity { context_tokens: tokens.or(capacity.context_tokens), at_once: slots };
        }
        Some(Found { kind, capacity })
    }

    async fn get(&self, url: &str) -> Option<Value> {
        get::json(Url::parse(url).ok()?, self.key.as_ref(), PATIENCE).await
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<String, (Instant, Found)>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_models_tell_contexts_by_many_names() {
        assert_eq!(context_of_openai(&json!({"id": "a", "max_model_len": 32_768})), Some(32_768));
        assert_eq!(
            context_of_openai(&json!({"id": "a", "context_length": 131_072})),
            Some(131_072)
        );
        assert_eq!(context_of_openai(&json!({"id": "a", "meta": {"n_ctx": 4096}})), Some(4096));
        assert_eq!(context_of_openai(&json!({"id": "gpt-4.1-mini", "owned_by": "system"})), None);
    }
}
