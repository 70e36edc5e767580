//! Ollama's own [API]: its OpenAI dialect has no word for how much a model is to read, and cuts
//! what is longer without one.
//!
//! [API]: https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion

mod decoder;
mod models;
mod request;
mod window;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use futures::{StreamExt, TryStreamExt};
use reqwest::Url;
use secrecy::SecretString;
use serde_json::json;

use self::decoder::LineDecoder;
use self::request::{ChatRequest, Form};
use self::window::Window;
use crate::catalog;
use crate::http::{Deltas, Endpoint, Refusal, Retries, Transport, get};
use crate::openai::DEADLINE;
use crate::redaction::Redaction;
use crate::tokens::Expected;
use crate::{
    Answer, Capacity, Delta, Error, ErrorKind, Listing, OpenAi, Place, Provider, Request, Settings,
};

pub use models::{ollama_base_url, ollama_model};

/// How many tokens one machine is taken to hold, where the model would read more.
const AFFORDED: u64 = 32 * 1024;

/// How long a server may take to say what a model is.
const PATIENCE: Duration = Duration::from_secs(2);

/// Models of which something is remembered. Requests name models, so that the number needs a bound.
const MAX_KNOWN_MODELS: usize = 64;

/// An Ollama. Where a server in its place knows only the OpenAI dialect, that is spoken.
#[derive(Clone, Debug)]
pub struct Ollama {
    connection: Arc<Connection>,
}

#[derive(Debug)]
struct Connection {
    name: String,
    model: String,
    host: String,
    key: Option<SecretString>,
    transport: Transport,
    redaction: Redaction,
    known: Mutex<HashMap<String, Known>>,
    /// The same server in OpenAI's dialect, and whether it is to be spoken.
    compatible: OpenAi,
    is_compatible_only: AtomicBool,
}

/// What is known of a model.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    form: Form,
    window: Window,
    /// Tokens that it reads at most, once it was asked; 0 when it does not say so.
    context: Option<u64>,
}

impl Ollama {
    /// Readies a client. Nothing is sent yet. The address is that of its OpenAI dialect, with or
    /// without `/v1`.
    ///
    /// # Errors
    ///
    /// As [`OpenAi::new`].
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let compatible = OpenAi::new(settings.clone())?;
        let Settings { name, base_url, api_key, model, timeouts, .. } = settings;
        let host = base_url.trim().trim_end_matches('/');
        let host = host.strip_suffix("/v1").unwrap_or(host).to_owned();
        let endpoint = Endpoint::new(&host, api_key.as_ref())?;
        let redaction = Redaction::new(api_key.as_ref()).map_err(|_| {
            Error::new(ErrorKind::Unauthorised, "the key is longer than any key is")
        })?;
        let transport = endpoint.transport("api/chat", timeouts)?;
        let connection = Connection {
            name,
            model,
            host,
            key: api_key,
            transport,
            redaction,
            known: Mutex::default(),
            compatible,
            is_compatible_only: AtomicBool::new(false),
        };
        Ok(Self { connection: Arc::new(connection) })
    }
}

impl Provider for Ollama {
    fn name(&self) -> &str {
        &self.connection.name
    }

    fn model(&self) -> &str {
        &self.connection.model
    }

    fn place(&self) -> Option<&Place> {
        self.connection.compatible.place()
    }

    fn context_tokens(&self) -> Option<u32> {
        self.connection.compatible.context_tokens()
    }

    fn models(&self) -> Listing {
        let connection = Arc::clone(&self.connection);
        async move {
            let compatible = &connection.compatible;
            let base_url = compatible.place().map_or("", |place| place.base_url.as_str());
            match models::listed(base_url, connection.key.as_ref(), DEADLINE).await {
                // A server in its place may know only the OpenAI dialect.
                Err(error) if error.kind == ErrorKind::UnknownModel => compatible.models().await,
                listed => listed.map_err(|error| connection.redaction.clean(error)),
            }
        }
        .boxed()
    }

    fn capacity<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Capacity> {
        self.connection.capacity(model).boxed()
    }

    fn writes_on(&self, _model: &str) -> bool {
        !self.connection.is_compatible_only.load(Ordering::Relaxed)
    }

    fn answer(&self, request: Request) -> Answer {
        let connection = Arc::clone(&self.connection);
        let opening = async move { connection.open(request).await };
        futures::stream::once(opening).try_flatten().boxed()
    }
}

impl Connection {
    /// How much a model reads, as `/api/show` tells. How much of that one machine can hold is less,
    /// so that no more than [`AFFORDED`] tokens are taken for granted.
    async fn capacity(&self, model: &str) -> Capacity {
        let mut known = self.known(model);
        let context = match known.context {
            Some(context) => context,
            None => {
                let context = self.context(model).await.unwrap_or_default();
                known.context = Some(context);
                self.remember(model, known);
                context
            }
        };
        let context_tokens = (context > 0).then_some(context.min(AFFORDED));
        Capacity { context_tokens, at_once: Some(1) }
    }

    async fn context(&self, model: &str) -> Option<u64> {
        let url = Url::parse(&format!("{}/api/show", self.host)).ok()?;
        let shown = get::posted(url, self.key.as_ref(), &json!({"model": model}), PATIENCE).await?;
        catalog::context_of_ollama(&shown)
    }

    async fn open(self: Arc<Self>, request: Request) -> Result<Answer, Error> {
        if self.is_compatible_only.load(Ordering::Relaxed) {
            return Ok(self.compatible.answer(request));
        }
        match self.ask_until_answered(&request).await {
            Ok(deltas) => Ok(self.watch(&request, deltas)),
            Err(refusal) if has_no_such_path(&refusal) => {
                tracing::info!(provider = self.name, "it speaks OpenAI's dialect only");
                self.is_compatible_only.store(true, Ordering::Relaxed);
                Ok(self.compatible.answer(request))
            }
            Err(refusal) => Err(self.redaction.clean(refusal.into())),
        }
    }

    /// Asks, and asks again in plainer words, or for a larger window: at most once for each.
    async fn ask_until_answered(&self, request: &Request) -> Result<Deltas<LineDecoder>, Refusal> {
        let model = self.model_of(request);
        let mut known = self.known(model);
        let mut retries = Retries::default();
        let mut has_grown = false;
        loop {
            known.window.fit(request);
            let refusal = match self.ask(&ChatRequest::new(request, model, known)).await {
                Ok(deltas) => {
                    self.remember(model, known);
                    return Ok(deltas);
                }
                Err(refusal) => refusal,
            };
            let said = self.redaction.apply(&refusal.to_string());
            if let Some(pause) = retries.next(&refusal) {
                tracing::info!(provider = self.name, model, ?pause, said, "asking again");
                tokio::time::sleep(pause).await;
            } else if refusal.kind() == ErrorKind::TooLong && !has_grown && known.window.grow() {
                has_grown = true;
                tracing::info!(provider = self.name, model, ?known, said, "asking for more room");
            } else if let Some(form) = known.form.without(&refusal) {
                known.form = form;
                tracing::info!(provider = self.name, model, ?known, said, "asking differently");
            } else {
                return Err(refusal);
            }
        }
    }

    async fn ask(&self, request: &ChatRequest) -> Result<Deltas<LineDecoder>, Refusal> {
        let mut deltas = Deltas::new(LineDecoder::new(self.transport.post(request).await?));
        deltas.begin().await?;
        Ok(deltas)
    }

    /// The answer without keys. What was counted is learned from, and held against the request: an
    /// answer to a part of it is none.
    fn watch(self: Arc<Self>, request: &Request, deltas: Deltas<LineDecoder>) -> Answer {
        let model = self.model_of(request).to_owned();
        let (most, expected) = (request.most_tokens(), Expected::of(request));
        let deltas = deltas.map(move |delta| {
            let delta = delta.map_err(|error| self.redaction.clean(error))?;
            if let Delta::Usage(read) = &delta {
                self.learn(&model, most, read.input);
            }
            expected.read_whole(delta)
        });
        deltas.boxed()
    }

    fn learn(&self, model: &str, estimated: u64, counted: u64) {
        let mut known = self.known(model);
        known.window.learn(estimated, counted);
        self.remember(model, known);
    }

    fn model_of<'a>(&'a self, request: &'a Request) -> &'a str {
        request.model.as_deref().unwrap_or(&self.model)
    }

    fn known(&self, model: &str) -> Known {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(model).copied().unwrap_or_default()
    }

    fn remember(&self, model: &str, what: Known) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains_key(model) || known.len() < MAX_KNOWN_MODELS {
            known.insert(model.to_owned(), what);
        }
    }
}

/// Whether it is the path that is unknown, and not the model.
fn has_no_such_path(refusal: &Refusal) -> bool {
    matches!(refusal.status(), Some(404 | 405)) && !refusal.complaint().contains("model")
}
