use std::sync::Arc;

use axum::{extract::FromRef, response::Response};
use engine::Engine;
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    connections::Connections,
    dialects::{Line, Source},
    pages,
};

/// What every handler may use. A cheap handle.
#[derive(Clone, FromRef)]
pub(crate) struct State {
    pub(crate) engine: Engine,
    pub(crate) config: Arc<Config>,
    pub(crate) leptos: LeptosOptions,
    pub(crate) connections: Connections,
    /// Ends the streams that would never end by themselves.
    pub(crate) closing: CancellationToken,
}

impl State {
    pub(crate) fn new(engine: Engine, config: Arc<Config>) -> Self {
        let leptos = pages::options(&config);
        let connections = Connections::default();
        Self { engine, config, leptos, connections, closing: CancellationToken::new() }
    }

    /// The stream of a generation: it ends when the generation does.
    pub(crate) fn tell(&self, source: impl Source) -> Response {
        let line = Line {
            retry_ms: protocol::RETRY_MS,
            heartbeat: Some(self.config.heartbeat),
            connection: self.connections.enter(source.cursor()),
            closing: CancellationToken::new(),
        };
        line.respond(source)
    }
}
