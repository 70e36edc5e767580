use std::sync::Arc;

use axum::extract::FromRef;
use engine::Engine;
use leptos::config::LeptosOptions;

use crate::{config::Config, pages};

/// What every handler may use. A cheap handle.
#[derive(Clone, FromRef)]
pub(crate) struct State {
    pub(crate) engine: Engine,
    pub(crate) config: Arc<Config>,
    pub(crate) leptos: LeptosOptions,
}

impl State {
    pub(crate) fn new(engine: Engine, config: Arc<Config>) -> Self {
        let leptos = pages::options(&config);
        Self { engine, config, leptos }
    }
}
