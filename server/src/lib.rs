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
mod cross_site;
mod dialects;
mod functions;
mod handlers;
mod host;
mod intake;
mod licenses;
mod limits;
mod logging;
mod pages;
mod panics;
mod problem;
mod provider;
mod query;
mod response_headers;
mod responses;
mod router;
mod serve;
mod state;
mod timed;
mod transfer_coding;

use std::{error::Error, io, process::ExitCode, sync::Arc, time::Duration};

use config::Config;
use engine::Engine;
use llm::Provider;
use logging::Output;
use state::State;
use store::Store;
use tokio::{net::TcpListener, time::timeout};

/// What the store is given to close, once everybody has left.
const CLOSING: Duration = Duration::from_millis(1500);

/// What whoever reads the log is given to take the rest of it.
const DRAINING: Duration = Duration::from_millis(250);

/// Serves as the process's arguments and environment say, until it is told to end. `provider`
/// answers in place of the one that they name.
pub async fn run(provider: Option<Arc<dyn Provider>>) -> ExitCode {
    let Ok(log) = Output::stderr() else { return ExitCode::FAILURE };
    let exit = start(provider, &log).await;
    log.drain(DRAINING);
    exit
}

/// Says why nothing can be run, and gives what the process is to exit with.
#[must_use]
pub fn fail(error: &io::Error) -> ExitCode {
    if let Ok(log) = Output::stderr() {
        log.say(error);
        log.drain(DRAINING);
    }
    ExitCode::FAILURE
}

async fn start(provider: Option<Arc<dyn Provider>>, log: &Output) -> ExitCode {
    let config = match Config::load() {
        Ok(config) => config,
        Err(exit) => return exit.report(log).await,
    };
    logging::begin(&config.log, log);
    match serve(config, provider).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log.say(&error);
            // A provider that cannot be had is a matter of settings.
            ExitCode::from(if error.is::<provider::NoProvider>() { 2 } else { 1 })
        }
    }
}

async fn serve(
    mut config: Config,
    provider: Option<Arc<dyn Provider>>,
) -> Result<(), Box<dyn Error>> {
    serve::fit_open_files(&mut config)?;
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
    let told_to_end = serve::told_to_end()?;
    announce(&listener)?;
    let state = State::new(engine, Arc::new(config));
    serve::until(told_to_end, listener, state).await;
    if timeout(CLOSING, store.close()).await.is_err() {
        tracing::warn!("the next start puts the journal in order");
    }
    Ok(())
}

/// Says where the server listens, for people and for scripts.
fn announce(listener: &TcpListener) -> io::Result<()> {
    logging::print(format!("listening on http://{}\n", listener.local_addr()?));
    Ok(())
}
