use std::time::{Duration, Instant};

use test_support::{Client, Unspool};
use tokio::{task::JoinSet, time::sleep};

use super::{
    options::Options,
    proxy::Proxy,
    run::Run,
    tally::{Tally, Violation},
};

/// How long the server runs between two kills, in milliseconds.
const UPTIME_MS: std::ops::RangeInclusive<u64> = 50..=400;

/// Progress is printed after every so many kills.
const PROGRESS_KILLS: u32 = 100;

/// Kills the server as often as was asked, each time at a random moment, and starts it again on the same data
/// folder.
pub(super) async fn kill_repeatedly(
    mut server: Unspool,
    options: &Options,
    run: &Run,
    proxy: &Proxy,
    mut rng: fastrand::Rng,
) -> Unspool {
    let kills = options.kills;
    for kill in 1..=kills {
        sleep(Duration::from_millis(rng.u64(UPTIME_MS))).await;
        let launch = server.kill().await;
        run.tally.kill();
        let unfinished = run.recent();
        let since = Instant::now();
        server = launch.start().await;
        let listening = since.elapsed();
        proxy.forward_to(server.address());
        // What is gone on with ends later, as the comparison sees.
        let unfinished = if options.resumes { Vec::new() } else { unfinished };
        let ended = check_ended(server.client(), unfinished, &run.tally, since).await;
        run.tally.restart(listening, ended);
        if kill % PROGRESS_KILLS == 0 && kill < kills {
            println!("{kill} kills");
        }
    }
    server
}

/// Checks that the generations which the killed server may have left unfinished have ended, and
/// returns how long after `since` that was known of all of them.
async fn check_ended(
    client: Client,
    unfinished: Vec<String>,
    tally: &std::sync::Arc<Tally>,
    since: Instant,
) -> Duration {
    let mut readers = JoinSet::new();
    for id in unfinished {
        let tally = tally.clone();
        readers.spawn(async move {
            let status = client.snapshot(&id).await["status"].clone();
            if status == "running" {
                tally.violation(Violation::Hanging, || format!("{id} still runs after a restart"));
            }
        });
    }
    while readers.join_next().await.is_some() {}
    since.elapsed()
}
