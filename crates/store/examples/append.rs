//! What an append costs: `cargo run --release -p store --example append`.
//!
//! So many generations append at once, each waiting for its last append before the next.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use protocol::{Event, FieldDelta, Snapshot};
use store::{Batch, Log, Record, Store};

/// Appends measured in each round.
const APPENDS: usize = 50_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    println!("at once | µs/append | appends/commit |  p50 ms |  p99 ms |  max ms");
    for writers in [1, 100, 1000] {
        let folder = tempfile::tempdir()?;
        let store = Store::open(folder.path())?;
        let mut logs = Vec::new();
        for writer in 0..writers {
            let born = born(writer);
            logs.push(Arc::clone(&born.log));
            store.create(born).await?;
        }
        let (commits, begun) = (store.commits(), Instant::now());
        let mut tasks = tokio::task::JoinSet::new();
        for log in logs {
            tasks.spawn(write(store.clone(), log, APPENDS / writers));
        }
        let mut waits = Vec::with_capacity(APPENDS);
        while let Some(waited) = tasks.join_next().await {
            waits.extend(waited??);
        }
        let each = begun.elapsed().as_secs_f64() * 1e6 / waits.len() as f64;
        let shared = waits.len() as f64 / (store.commits() - commits) as f64;
        waits.sort_unstable();
        let wait =
            |per_mille: usize| waits[(waits.len() - 1) * per_mille / 1000].as_secs_f64() * 1e3;
        println!(
            "{writers:>7} | {each:>9.1} | {shared:>14.1} | {:>7.2} | {:>7.2} | {:>7.2}",
            wait(500),
            wait(990),
            wait(1000),
        );
        store.close().await;
    }
    Ok(())
}

async fn write(store: Store, log: Arc<Log>, appends: usize) -> Result<Vec<Duration>, Failure> {
    let mut waits = Vec::with_capacity(appends);
    for event in (2..).take(appends) {
        let begun = Instant::now();
        store.append(&log, one(event))?;
        poll_fn(|context| log.poll_written(context)).await?;
        waits.push(begun.elapsed());
    }
    Ok(waits)
}

/// A batch of one delta, as a model writes them.
fn one(event: u64) -> Batch {
    let delta = FieldDelta { path: "/summary".into(), text: " token".into() };
    let mut frames = Vec::new();
    protocol::encode(event, &Event::FieldDelta(delta), &mut frames);
    Batch { first: event, last: event, frames: Bytes::from(frames) }
}

fn born(writer: usize) -> Record {
    let snapshot = Snapshot {
        id: format!("g{writer}"),
        cursor: 1,
        provider: "scripted".into(),
        model: "none".into(),
        shape: "summary".into(),
        ..Snapshot::default()
    };
    let (owner, input) = (String::new(), String::new());
    let log = Arc::new(Log::new(&snapshot.id, one(1)));
    Record { snapshot, owner, input, idempotency: None, log }
}
