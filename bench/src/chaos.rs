//! Viewers follow many generations while the server is killed and restarted, and a proxy between
//! them cuts, stalls and splits. In the end everything that anyone saw is compared with the log.

mod author;
mod killer;
mod options;
mod proxy;
mod stage;
mod starter;
mod tally;
mod verdict;
mod viewer;

use std::time::Duration;

use anyhow::{Result, bail};
use test_support::{Launch, Upstream};
use tokio::time::timeout;

use author::Author;
use options::Options;
use proxy::Proxy;
use stage::Stage;
use tally::Broken;

/// Generations under way at once.
const GENERATIONS: usize = 20;

/// Viewers at once.
const VIEWERS: usize = 40;

/// How long the generations and viewers that are left after the last kill may take to end.
const CURTAIN: Duration = Duration::from_secs(60);

/// Runs as the command line says; an error when a promise was broken.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(play(&options))
}

async fn play(options: &Options) -> Result<()> {
    println!("chaos: {} kills, --seed {}", options.kills, options.seed);
    let mut dice = fastrand::Rng::with_seed(options.seed);
    let author = Author::new(Upstream::start().await, dice.fork());
    // Chaos starts generations faster than people do.
    let launch = Launch::new(&options.binary).asking(author.upstream(), "key");
    let launch = launch.flag("max-running", "1000").env("UNSPOOL_LOG", "error");
    let server = launch.start().await;
    let proxy = Proxy::start(server.address(), dice.fork()).await?;
    let stage = Stage::new(proxy.address());
    let writing = tokio::spawn(author.write());
    let mut players = tokio::task::JoinSet::new();
    for _ in 0..GENERATIONS {
        players.spawn(starter::play(stage.clone(), dice.fork()));
    }
    for _ in 0..VIEWERS {
        players.spawn(viewer::play(stage.clone(), dice.fork()));
    }
    let server = killer::play(server, options.kills, &stage, &proxy, dice.fork()).await;
    stage.close();
    let left = timeout(CURTAIN, async { while players.join_next().await.is_some() {} }).await;
    if left.is_err() {
        stage.tally.broken(Broken::Hanging, || format!("{} players", players.len()));
    }
    players.shutdown().await;
    writing.abort();
    verdict::compare(&stage, server).await?;
    print!("{}", stage.tally);
    if stage.tally.is_clean() {
        return Ok(());
    }
    for trouble in stage.tally.troubles() {
        eprintln!("{trouble}");
    }
    bail!("promises were broken; again with --seed {}", options.seed)
}
