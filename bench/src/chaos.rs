//! Viewers follow many generations while the server is killed and restarted, and while a proxy
//! between them cuts, delays and splits the connections. In the end everything that any viewer
//! received is compared with the log.

mod comparison;
mod killer;
mod options;
mod provider;
mod proxy;
mod received;
mod run;
mod starter;
mod tally;
mod viewer;

use std::time::Duration;

use anyhow::{Result, bail};
use test_support::{Launch, Upstream};
use tokio::{task::JoinSet, time::timeout};

use options::Options;
use provider::Provider;
use proxy::Proxy;
use run::Run;
use tally::Violation;

/// How many tasks start generations, each one at a time.
const STARTERS: usize = 20;

/// How many tasks only view generations.
const VIEWERS: usize = 40;

/// How long starters and viewers may take to end after the last kill.
const FINISH_DEADLINE: Duration = Duration::from_secs(60);

/// Runs chaos as the command line says. Fails when the server broke a promise.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run_with(&options))
}

async fn run_with(options: &Options) -> Result<()> {
    println!("chaos: {} kills, --seed {}", options.kills, options.seed);
    let mut rng = fastrand::Rng::with_seed(options.seed);
    let provider = Provider::new(Upstream::start().await, rng.fork());
    // Starters are faster than people, so the default limit would refuse many of them.
    let launch = Launch::new(&options.binary).asking(provider.upstream(), "key");
    let launch = launch.flag("max-running", "1000").env("UNSPOOL_LOG", "error");
    let server = launch.start().await;
    let proxy = Proxy::start(server.address(), rng.fork()).await?;
    let run = Run::new(proxy.address());
    let providing = tokio::spawn(provider.serve());
    let mut tasks = JoinSet::new();
    for _ in 0..STARTERS {
        tasks.spawn(starter::start_repeatedly(run.clone(), rng.fork()));
    }
    for _ in 0..VIEWERS {
        tasks.spawn(viewer::view_repeatedly(run.clone(), rng.fork()));
    }
    let server = killer::kill_repeatedly(server, options.kills, &run, &proxy, rng.fork()).await;
    run.finish();
    let ended = async { while tasks.join_next().await.is_some() {} };
    if timeout(FINISH_DEADLINE, ended).await.is_err() {
        run.tally.violation(Violation::Hanging, || format!("{} tasks", tasks.len()));
    }
    tasks.shutdown().await;
    providing.abort();
    comparison::compare(&run, server).await?;
    print!("{}", run.tally);
    if run.tally.is_clean() {
        return Ok(());
    }
    for description in run.tally.descriptions() {
        eprintln!("{description}");
    }
    bail!("promises were broken; --seed {} repeats the random choices", options.seed)
}
