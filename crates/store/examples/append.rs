//! What an append costs: `cargo run --release -p store --example append`.
//!
//! So many generations append at once, each waiting for its last append before the next.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use protocol::{Event, FieldDelta, Snapshot};
use store::sqlite::SqliteStore;
use store::{Appended, Batch, Created, Error, LOCAL_NODE, LogWriter, Record, Store};

/// Appends measured in each round.
const APPENDS: usize = 50_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    println!("at once | µs/append | appends/commit |  p50 ms |  p99 ms |  max ms");
    for writers in [1, 100, 1000] {
        let folder = tempfile::tempdir()?;
        let store = SqliteStore::open(folder.path())?;
        let mut logs = Vec::new();
        for writer in 0..writers {
            let Created::New(log) = store.create(born(writer)).await? else { continue };
            logs.push(log);
        }
        let (commits, begun) = (store.commits(), Instant::now());
        let mut tasks = tokio::task::JoinSet::new();
        for log in logs {
            tasks.spawn(write(log, APPENDS / writers));
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

async fn write(log: Box<dyn LogWriter>, appends: usize) -> Result<Vec<Duration>, Failure> {
    let mut waits = Vec::with_capacity(appends);
    let answer = Arc::new(Answer::default());
    for event in (2..).take(appends) {
        let begun = Instant::now();
        log.append(one(event), Arc::clone(&answer) as Arc<dyn Appended>)?;
        answer.wait().await?;
        waits.push(begun.elapsed());
    }
    Ok(waits)
}

/// What the store says of one append after another, as the engine's log takes it.
#[derive(Default)]
struct Answer(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Waiting,
    Asked(Waker),
    Said(Result<(), Error>),
}

impl Answer {
    fn say(&self, answer: Result<(), Error>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Asked(waker) = mem::replace(&mut *state, State::Said(answer)) {
            drop(state);
            waker.wake();
        }
    }

    async fn wait(&self) -> Result<(), Error> {
        std::future::poll_fn(|context| {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match mem::take(&mut *state) {
                State::Said(answer) => Poll::Ready(answer),
                _ => {
                    *state = State::Asked(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

impl Appended for Answer {
    fn committed(&self, _: Batch) {
        self.say(Ok(()));
    }

    fn failed(&self, error: Error) {
        self.say(Err(error));
    }
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
    let (owner, node) = (String::new(), LOCAL_NODE.to_owned());
    Record { snapshot, owner, node, input: String::new(), idempotency: None, first: one(1) }
}
