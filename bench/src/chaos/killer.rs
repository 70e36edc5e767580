use std::time::{Duration, Instant};

use test_support::{Client, Unspool};
use tokio::{task::JoinSet, time::sleep};

use super::{
    proxy::Proxy,
    stage::Stage,
    tally::{Broken, Tally},
};

/// How long a server lives in milliseconds.
const LIFE_MS: std::ops::RangeInclusive<u64> = 50..=400;

/// How often progress is told.
const NEWS: u32 = 100;

/// Kills the server so often, each time at a random moment, and starts it again on its folder.
pub(super) async fn play(
    mut server: Unspool,
    kills: u32,
    stage: &Stage,
    proxy: &Proxy,
    mut dice: fastrand::Rng,
) -> Unspool {
    for kill in 1..=kills {
        sleep(Duration::from_millis(dice.u64(LIFE_MS))).await;
        let launch = server.kill().await;
        stage.tally.kill();
        let owed = stage.recent();
        let since = Instant::now();
        server = launch.start().await;
        let listening = since.elapsed();
        proxy.lead_to(server.address());
        let terminal = last_terminal(server.client(), owed, &stage.tally, since).await;
        stage.tally.restart(listening, terminal);
        if kill % NEWS == 0 && kill < kills {
            println!("{kill} kills");
        }
    }
    server
}

/// When all that a killed server left unfinished can be read to its end.
async fn last_terminal(
    client: Client,
    owed: Vec<String>,
    tally: &std::sync::Arc<Tally>,
    since: Instant,
) -> Duration {
    let mut readers = JoinSet::new();
    for id in owed {
        let tally = tally.clone();
        readers.spawn(async move {
            let status = client.snapshot(&id).await["status"].clone();
            if status == "running" {
                tally.broken(Broken::Hanging, || format!("{id} still runs after a restart"));
            }
        });
    }
    while readers.join_next().await.is_some() {}
    since.elapsed()
}
