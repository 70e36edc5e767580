use std::sync::Arc;

use axum::{extract::FromRef, response::Response};
use engine::Engine;
use leptos::config::{Env, LeptosOptions, get_configuration};

use crate::{
    closing::Closing,
    config::Config,
    connections::Connections,
    dialects::{Source, SseResponse},
    intake::Intake,
    responses::ResponseBudget,
};

/// What every handler may use. A cheap handle.
#[derive(Clone, FromRef)]
pub(crate) struct State {
    pub(crate) engine: Engine,
    pub(crate) config: Arc<Config>,
    pub(crate) leptos: LeptosOptions,
    pub(crate) connections: Connections,
    pub(crate) intake: Intake,
    pub(crate) responses: ResponseBudget,
    pub(crate) closing: Closing,
}

impl State {
    pub(crate) fn new(engine: Engine, config: Arc<Config>) -> Self {
        let leptos = leptos_options(&config);
        let intake = Intake::of_bodies_up_to(config.max_input_bytes);
        Self {
            engine,
            config,
            leptos,
            connections: Connections::default(),
            intake,
            responses: ResponseBudget::default(),
            closing: Closing::default(),
        }
    }

    /// The stream of a generation: it ends when the generation does.
    pub(crate) fn sse_response(&self, source: impl Source) -> Response {
        let response = SseResponse {
            retry_ms: protocol::RETRY_MS,
            heartbeat: Some(self.config.heartbeat),
            connection: self.connections.enter(source.cursor()),
            closing: None,
        };
        response.send(source)
    }
}

/// How the page is rendered. `cargo leptos` says it in the environment.
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
