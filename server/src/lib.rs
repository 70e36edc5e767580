//! The web server: settings, routes, dialects and connections over one engine. [`run`] is all of
//! the binary `unspool`; it is a library for the sake of `bench`, which measures the same code.

// The page's view is one deeply nested type, which exceeds the default limit.
#![recursion_limit = "256"]

mod access;
mod archive;
mod assets;
mod backend;
mod body;
mod body_budget;
mod compression;
mod config;
mod connections;
mod cors;
mod cross_site;
mod dialects;
mod doctor;
mod encoding;
mod functions;
mod handlers;
mod host;
mod licenses;
mod listener;
mod logging;
mod markdown_blocks;
mod pages;
mod panics;
mod plain;
mod problem;
mod providers;
mod query;
mod read_body;
mod response_headers;
mod responses;
mod router;
mod shutdown;
mod state;
mod timed;
mod transfer_coding;

use std::{error::Error, io, process::ExitCode, sync::Arc, time::Duration};

use config::{Command, Config};
use engine::{Engine, Limits};
use llm::{Provider, Providers};
use logging::Output;
use state::State;
use store::{Store, sqlite::SqliteStore};
use tokio::{net::TcpListener, time::timeout};

/// How long the store may take to close, once all connections have ended.
const STORE_DEADLINE: Duration = Duration::from_millis(1500);

/// How long the program waits at its end for the rest of the log to be written.
const LOG_DEADLINE: Duration = Duration::from_millis(250);

/// Serves as arguments and environment say, until a signal ends the process. A `provider` that is
/// passed is used instead of the configured one.
pub async fn run(provider: Option<Arc<dyn Provider>>) -> ExitCode {
    let Ok(log) = Output::stderr() else { return ExitCode::FAILURE };
    let exit = start(provider, &log).await;
    log.drain(LOG_DEADLINE);
    exit
}

/// The paths of all routes but the page's, for tests.
#[must_use]
pub fn route_paths() -> Vec<String> {
    router::paths().into_iter().map(str::to_owned).collect()
}

/// The paths of the page's own calls, for tests.
#[must_use]
pub fn function_paths() -> Vec<String> {
    leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect()
}

/// Logs why the program cannot run, and returns its exit code.
#[must_use]
pub fn fail(error: &io::Error) -> ExitCode {
    if let Ok(log) = Output::stderr() {
        log.say(error);
        log.drain(LOG_DEADLINE);
    }
    ExitCode::FAILURE
}

async fn start(provider: Option<Arc<dyn Provider>>, log: &Output) -> ExitCode {
    let config = match Command::parse() {
        Ok(Command::Serve(config)) => config,
        Ok(Command::Doctor(config)) => return doctor::command::run(&config, log).await,
        Ok(Command::Licenses) => return licenses::print(log).await,
        Err(exit) => return exit.report(log),
    };
    logging::begin(&config.log, log);
    match serve(*config, provider).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log.say(&error);
            // Wrong settings exit with 2, and so does a provider that cannot be made from them.
            ExitCode::from(if error.is::<providers::NoProvider>() { 2 } else { 1 })
        }
    }
}

async fn serve(
    mut config: Config,
    provider: Option<Arc<dyn Provider>>,
) -> Result<(), Box<dyn Error>> {
    listener::fit_open_files(&mut config)?;
    let providers = match provider {
        Some(provider) => Providers::from(provider),
        None => providers::connect(&config.provider).await?,
    };
    let store =
        SqliteStore::open(&config.data).map_err(|error| format!("UNSPOOL_DATA: {error}"))?;
    let store: Arc<dyn Store> = Arc::new(store);
    let engine = Engine::open(
        Arc::clone(&store),
        providers,
        Limits { owner: config.access.owner_limits(), ..config.engine.limits() },
    )
    .await
    .map_err(|error| format!("UNSPOOL_DATA: {}: {error}", config.data.display()))?;
    let listener = listener::listen(config.addr)
        .map_err(|error| format!("UNSPOOL_ADDR: cannot listen on {}: {error}", config.addr))?;
    // Signals are registered before the address is printed, as a script may send one as soon as it
    // reads the address.
    let shutdown_requested = listener::shutdown_requested()?;
    announce(&listener)?;
    // Whether there is a choice of models is known by the time that somebody comes.
    let _ = engine.providers().has_choice();
    let state = State::new(engine, Arc::new(config));
    listener::serve_until(shutdown_requested, listener, state).await;
    if timeout(STORE_DEADLINE, store.close()).await.is_err() {
        tracing::warn!("the next start puts the journal in order");
    }
    Ok(())
}

/// Prints the address, for people and for scripts.
fn announce(listener: &TcpListener) -> io::Result<()> {
    logging::print(format!("listening on http://{}\n", listener.local_addr()?));
    Ok(())
}
