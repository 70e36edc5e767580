use std::sync::Arc;

use axum::{extract::FromRef, response::Response};
use engine::Engine;
use leptos::config::{Env, LeptosOptions, get_configuration};
use tokio::sync::Semaphore;

use crate::{
    access::{Attempts, RateLimit},
    body_budget::BodyBudget,
    compression::Compression,
    config::Config,
    connections::{Connection, Connections},
    dialects::{Source, SseResponse},
    doctor::Examinations,
    responses::ResponseBudget,
    shutdown::Shutdown,
};

/// How many exports may be on their way at once: each holds one of the largest texts with its log.
const EXPORTS: usize = 4;

/// What handlers use. Cheap to clone.
#[derive(Clone, FromRef)]
pub(crate) struct State {
    pub(crate) engine: Engine,
    pub(crate) config: Arc<Config>,
    pub(crate) leptos: LeptosOptions,
    pub(crate) connections: Connections,
    pub(crate) bodies: BodyBudget,
    pub(crate) responses: ResponseBudget,
    pub(crate) compression: Compression,
    pub(crate) shutdown: Shutdown,
    pub(crate) examinations: Examinations,
    pub(crate) attempts: Attempts,
    pub(crate) rate: RateLimit,
    /// Exports at once.
    #[from_ref(skip)]
    pub(crate) exports: Arc<Semaphore>,
    /// Imports at once.
    #[from_ref(skip)]
    pub(crate) imports: Arc<Semaphore>,
}

impl State {
    pub(crate) fn new(engine: Engine, config: Arc<Config>) -> Self {
        let leptos = leptos_options(&config);
        let rate = RateLimit::new(config.access.rate_per_minute);
        let bodies = BodyBudget::new(config.max_input_bytes);
        Self {
            engine,
            config,
            leptos,
            connections: Connections::default(),
            bodies,
            responses: ResponseBudget::default(),
            compression: Compression::default(),
            shutdown: Shutdown::default(),
            examinations: Examinations::default(),
            attempts: Attempts::default(),
            rate,
            exports: Arc::new(Semaphore::new(EXPORTS)),
            imports: Arc::new(Semaphore::new(1)),
        }
    }

    /// Streams a source that needs to know its connection, and that ends by itself when the engine
    /// closes down.
    pub(crate) fn sse_response_with<S: Source>(
        &self,
        last_event_id: u64,
        source: impl FnOnce(&Connection) -> S,
    ) -> Response {
        let connection = self.connections.enter(last_event_id);
        let source = source(&connection);
        let response = SseResponse {
            retry_ms: protocol::RETRY_MS,
            heartbeat: Some(self.config.heartbeat),
            connection,
            shutdown: None,
        };
        response.send(source)
    }

    /// Streams a generation. The stream needs no shutdown signal, as it ends with the generation, and a
    /// shutdown ends all generations.
    pub(crate) fn sse_response(&self, source: impl Source) -> Response {
        let response = SseResponse {
            retry_ms: protocol::RETRY_MS,
            heartbeat: Some(self.config.heartbeat),
            connection: self.connections.enter(source.cursor()),
            shutdown: None,
        };
        response.send(source)
    }
}

/// How Leptos renders the page. `cargo leptos` passes its options in the environment.
fn leptos_options(config: &Config) -> LeptosOptions {
    if std::env::var_os("LEPTOS_OUTPUT_NAME").is_some()
        && let Ok(file) = get_configuration(None)
    {
        return file.leptos_options;
    }
    LeptosOptions::builder()
        .output_name("unspool")
        .site_root("target/site")
        .site_pkg_dir("pkg")
        .site_addr(config.addr)
        .env(Env::PROD)
        .build()
}
