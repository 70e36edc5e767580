//! The web server: settings, routes, dialects and connections over one engine. [`run`] is all of
//! the binary `unspool`; it is a library for the sake of `bench`, which measures the same code.

// The page is one nested type; laying it out takes more than the default.
#![recursion_limit = "256"]

mod assets;
mod backend;
mod body;
mod closing;
mod config;
mod connections;
mod cors;
mod dialects;
mod handlers;
mod intake;
mod licenses;
mod limits;
mod pages;
mod panics;
mod problem;
mod provider;
mod query;
mod router;
mod serve;
mod state;
mod timed;

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use config::Config;
use engine::Engine;
use llm::Provider;
use state::State;
use store::Store;
use tokio::{net::TcpListener, time::timeout};
use tracing_subscriber::EnvFilter;

/// What the store is given to close, once everybody has left.
const CLOSING: Duration = Duration::from_millis(1500);

/// Serves as the process's arguments and environment say, until it is told to end. `provider`
/// answers in place of the one that they name.
pub async fn run(provider: Option<Arc<dyn Provider>>) -> ExitCode {
    let config = match Config::load() {
        Ok(config) => config,
        Err(exit) => return exit.report().await,
    };
    log(&config.log);
    match serve(config, provider).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("unspool: {error}");
            // A provider that cannot be had is a matter of settings.
            ExitCode::from(if error.is::<provider::NoProvider>() { 2 } else { 1 })
        }
    }
}

async fn serve(
    config: Config,
    provider: Option<Arc<dyn Provider>>,
) -> Result<(), Box<dyn std::error::Error>> {
    let provider = match provider {
        Some(provider) => provider,
        None => provider::choose(&config.provider).await?,
    };
    let store = Store::open(&config.data).map_err(|error| format!("UNSPOOL_DATA: {error}"))?;
    let engine = Engine::open(store.clone(), provider, config.engine)
        .await
        .map_err(|error| format!("UNSPOOL_DATA: {}: {error}", config.data.display()))?;
    let listener = serve::listen(config.addr)
        .map_err(|error| format!("UNSPOOL_ADDR: cannot listen on {}: {error}", config.addr))?;
    // Before anyone is told that it listens, and may tell it to end.
    let told_to_end = serve::signal()?;
    announce(&listener)?;
    let state = State::new(engine, Arc::new(config));
    serve::until(told_to_end, listener, state).await;
    if timeout(CLOSING, store.close()).await.is_err() {
        tracing::warn!("the next start puts the journal in order");
    }
    Ok(())
}

/// Says where the server listens, for people and for scripts.
fn announce(listener: &TcpListener) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "listening on http://{}", listener.local_addr()?)?;
    out.flush()
}

/// Logs to standard error. The model client's own log may quote users' text: it stays off.
fn log(what: &str) {
    let in_colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(format!("{what},async_openai=off")))
        .with_writer(std::io::stderr)
        .with_ansi(in_colour)
        .init();
}
