mod chunk;
mod decoder;
mod dialect;
mod events;
mod models;
mod phrase;
mod preset;
mod server;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{BoxFuture, FutureExt};
use futures::{StreamExt, TryStreamExt};
use secrecy::SecretString;

use self::decoder::ChunkDecoder;
use self::dialect::Dialect;
use self::phrase::ChatRequest;
use self::server::{Inquiry, ServerKind};
use crate::http::{Deltas, Endpoint, Refusal, Retries, Timeouts, Transport};
use crate::redaction::Redaction;
use crate::tokens::Expected;
use crate::{
    Answer, Capacity, Delta, Error, ErrorKind, Finish, Listing, Place, Provider, Request, SetBy,
};

pub use dialect::Form;
pub use models::listed_model;
pub(crate) use models::{DEADLINE, address};
pub use preset::{PRESETS, Preset, is_same_origin};

/// Models whose dialect is remembered. Requests name models, so that the number needs a bound.
const MAX_KNOWN_MODELS: usize = 64;

/// How much of a reason for stopping is kept, in characters.
const MAX_REASON_CHARS: usize = 64;

/// Where an OpenAI-compatible endpoint is, and how to speak to it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The provider's name as users know it, as `openai`, `ollama` or `ark`.
    pub name: String,
    /// Its address up to and without `/chat/completions`, as `https://api.openai.com/v1`.
    pub base_url: String,
    /// The bearer token, where one is needed.
    pub api_key: Option<SecretString>,
    /// The model that answers when a request names none.
    pub model: String,
    /// How long one waits for it.
    pub timeouts: Timeouts,
    /// How its answers are held to their form, as far as it is known to understand that.
    pub form: Form,
    /// What is known of where it comes from.
    pub origin: Origin,
}

/// What is known of an endpoint beside how to speak to it.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// What it is: `openai`, `ollama`, or the name of a [`Preset`].
    pub kind: String,
    /// The names of the settings that say where it is.
    pub set_by: SetBy,
    /// How many tokens its model reads and writes together, where its user has said so.
    pub context_tokens: Option<u32>,
    /// Whether a model that it does not list may be there all the same.
    pub may_have_unlisted: bool,
}

/// Any endpoint that speaks OpenAI's [chat completions], streamed.
///
/// What an endpoint does not understand (JSON Schema, usage, a temperature) is left out after it
/// has refused it once, and from then on. A request is sent again otherwise only where nothing can
/// have come of it: without a connection, or when the endpoint says that it takes no more now.
///
/// [chat completions]: https://platform.openai.com/docs/api-reference/chat-streaming
#[derive(Clone, Debug)]
pub struct OpenAi {
    connection: Arc<Connection>,
}

#[derive(Debug)]
struct Connection {
    name: String,
    model: String,
    place: Place,
    origin: Origin,
    api_key: Option<SecretString>,
    transport: Transport,
    redaction: Redaction,
    form: Form,
    known: Mutex<HashMap<String, Dialect>>,
    inquiry: Inquiry,
}

impl OpenAi {
    /// Readies a client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rejected`] when the address is none, [`ErrorKind::Unauthorised`] when the key
    /// cannot be sent in a header, [`ErrorKind::Unreachable`] when TLS is needed and cannot be had.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let Settings { name, base_url, api_key, model, timeouts, form, origin } = settings;
        let redaction = Redaction::new(api_key.as_ref()).map_err(|_| {
            Error::new(ErrorKind::Unauthorised, "the key is longer than any key is")
        })?;
        let endpoint = Endpoint::new(&base_url, api_key.as_ref())?;
        let known = Mutex::default();
        let transport = endpoint.transport("chat/completions", timeouts)?;
        let place = Place::new(&origin.kind, &base_url, api_key.as_ref(), origin.set_by.clone());
        let inquiry = Inquiry::new(&base_url, api_key.clone());
        let connection = Connection {
            name,
            model,
            place,
            origin,
            api_key,
            transport,
            redaction,
            form,
            known,
            inquiry,
        };
        Ok(Self { connection: Arc::new(connection) })
    }
}

impl Provider for OpenAi {
    fn name(&self) -> &str {
        &self.connection.name
    }

    fn model(&self) -> &str {
        &self.connection.model
    }

    fn place(&self) -> Option<&Place> {
        Some(&self.connection.place)
    }

    fn context_tokens(&self) -> Option<u32> {
        self.connection.origin.context_tokens
    }

    fn models(&self) -> Listing {
        let connection = Arc::clone(&self.connection);
        async move {
            let Connection { place, api_key, redaction, .. } = &*connection;
            let listed = models::listed(&place.base_url, api_key.as_ref(), DEADLINE).await;
            listed.map_err(|error| redaction.clean(error))
        }
        .boxed()
    }

    fn may_have_unlisted(&self) -> bool {
        self.connection.origin.may_have_unlisted
    }

    fn capacity<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Capacity> {
        async move { self.connection.inquiry.ask(model).await.capacity }.boxed()
    }

    fn count_tokens<'a>(&'a self, model: &'a str, text: &'a str) -> BoxFuture<'a, Option<u64>> {
        self.connection.inquiry.count(model, text).boxed()
    }

    fn writes_on(&self, model: &str) -> bool {
        self.connection.dialect(model).writes_on(self.connection.inquiry.known(model))
    }

    fn answer(&self, request: Request) -> Answer {
        let connection = Arc::clone(&self.connection);
        let expected = Expected::of(&request);
        let opening = {
            let connection = Arc::clone(&connection);
            async move { connection.open(&request).await }
        };
        let deltas = futures::stream::once(opening).try_flatten();
        let deltas = deltas.map(move |delta| connection.without_keys(delta));
        deltas.map(move |delta| delta.and_then(|delta| expected.read_whole(delta))).boxed()
    }
}

impl Connection {
    /// Asks, and asks again in plainer words as long as the endpoint says what it did not
    /// understand: at most once for each thing that can be left out.
    async fn open(&self, request: &Request) -> Result<Deltas<ChunkDecoder>, Error> {
        let model = request.model.as_deref().unwrap_or(&self.model);
        let mut dialect = self.dialect(model);
        let mut retries = Retries::default();
        let server = self.inquiry.known(model);
        loop {
            let refusal = match self.ask(&dialect.phrase(request, model, server)).await {
                Ok(deltas) => {
                    self.remember(model, dialect);
                    return Ok(deltas);
                }
                Err(refusal) => refusal,
            };
            let said = self.redaction.apply(&refusal.to_string());
            if let Some(pause) = retries.next(&refusal) {
                tracing::info!(provider = self.name, model, ?pause, said, "asking again");
                tokio::time::sleep(pause).await;
                continue;
            }
            let Some(plainer) = dialect.without(&refusal, request, server) else {
                return Err(refusal.into());
            };
            tracing::info!(provider = self.name, model, ?plainer, said, "asking differently");
            dialect = plainer;
        }
    }

    /// Asks, and waits for the beginning of the answer: some refuse within it.
    async fn ask(&self, request: &ChatRequest) -> Result<Deltas<ChunkDecoder>, Refusal> {
        let mut deltas = Deltas::new(ChunkDecoder::new(self.transport.post(request).await?));
        deltas.begin().await?;
        Ok(deltas)
    }

    /// What a provider says of itself, rather than writes for the user, may quote the key that it
    /// was asked with.
    fn without_keys(&self, delta: Result<Delta, Error>) -> Result<Delta, Error> {
        match delta {
            Ok(Delta::Finish(Finish::Other(reason))) => {
                let reason = self.redaction.apply(&reason).chars().take(MAX_REASON_CHARS).collect();
                Ok(Delta::Finish(Finish::Other(reason)))
            }
            Err(error) => Err(self.redaction.clean(error)),
            other => other,
        }
    }

    fn dialect(&self, model: &str) -> Dialect {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(model).copied().unwrap_or_else(|| Dialect::holding_by(self.form))
    }

    fn remember(&self, model: &str, dialect: Dialect) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains_key(model) || known.len() < MAX_KNOWN_MODELS {
            known.insert(model.to_owned(), dialect);
        }
    }
}
