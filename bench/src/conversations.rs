//! What ten thousand conversations, and ten thousand turns in one, cost those who open them, beside
//! ten of each.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use protocol::{Event, FieldDelta, Snapshot, Status};
use serde_json::json;
use store::{
    Batch, ConversationStore, Creation, LOCAL_NODE, LogWriter, MessageRecord, Record, Store,
    TurnOutcome, TurnPlace, TurnRecord, sqlite::SqliteStore,
};
use test_support::{Client, Launch};
use tokio::task::JoinSet;

const SIZES: [usize; 2] = [10, 10_000];
const ROUNDS: usize = 50;
/// How many conversations are stored at once; their commits are shared.
const AT_ONCE: usize = 200;
/// Whose conversations they are while there are no spaces.
const OWNER: &str = "local";

const ANSWER: &str =
    "The **chart** of 1772 shows the coast as it was:\n\n- no harbour\n- two wells\n";

/// Prints a table: `bench conversations BINARY [PAINT]`. PAINT is a program that is given addresses
/// and prints the milliseconds to the first paint of each, if there is one.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Some((binary, paint)) = arguments.split_first() else {
        bail!("usage: bench conversations BINARY [PAINT]")
    };
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(measure_all(Path::new(binary), paint))
}

async fn measure_all(binary: &Path, paint: &[String]) -> Result<()> {
    println!(
        "{:>7}  {:<34} {:>8} {:>8} {:>9} {:>12}",
        "of", "what", "p50 ms", "p99 ms", "KB", "paint ms"
    );
    for size in SIZES {
        let launch = Launch::new(binary);
        fill(&launch.data(), size).await?;
        let server = launch.start().await;
        let thread = "/api/conversations/long";
        for (what, path) in [
            ("the list", "/api/conversations".to_owned()),
            ("the list, searched", "/api/conversations?query=harbour".to_owned()),
            ("the last page of the list", last_page(server.client()).await),
            ("a thread's newest messages", thread.to_owned()),
            ("page /chat", "/chat".to_owned()),
            ("page /chat/{id}", "/chat/long".to_owned()),
        ] {
            let row = measure(server.client(), &path).await;
            let address = format!("http://{}{path}", server.address());
            let painted =
                if path.starts_with("/api/") { None } else { first_paint(paint, &address)? };
            let painted = painted.map_or_else(String::new, |ms| format!("{ms:.0}"));
            let Row { p50, p99, bytes } = row;
            println!(
                "{size:>7}  {what:<34} {:>8.2} {:>8.2} {:>9.1} {painted:>12}",
                p50.as_secs_f64() * 1e3,
                p99.as_secs_f64() * 1e3,
                bytes as f64 / 1e3,
            );
        }
        server.kill().await;
    }
    Ok(())
}

struct Row {
    p50: Duration,
    p99: Duration,
    bytes: usize,
}

async fn measure(client: Client, path: &str) -> Row {
    let mut times = Vec::with_capacity(ROUNDS);
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        bytes = client.get(path).await.body.len();
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at =
        |per_cent: usize| times.get((ROUNDS - 1) * per_cent / 100).copied().unwrap_or_default();
    Row { p50: at(50), p99: at(99), bytes }
}

/// The address of the page of the list that is farthest back.
async fn last_page(client: Client) -> String {
    let mut path = "/api/conversations?limit=100".to_owned();
    loop {
        let next = client.get(&path).await.json()["next"].as_str().map(str::to_owned);
        let Some(next) = next else { return path };
        path = format!("/api/conversations?limit=100&before={next}");
    }
}

fn first_paint(paint: &[String], address: &str) -> Result<Option<f64>> {
    let Some((program, arguments)) = paint.split_first() else { return Ok(None) };
    let output = Command::new(program).args(arguments).arg(address).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(Some(text.trim().parse().with_context(|| format!("first paint of {address}: {text}"))?))
}

/// Stores conversations of a turn each, and one of so many turns.
async fn fill(data: &PathBuf, size: usize) -> Result<()> {
    std::fs::create_dir_all(data)?;
    let store = SqliteStore::open(data)?;
    let mut tasks = JoinSet::new();
    for number in 0..size {
        if tasks.len() == AT_ONCE {
            tasks.join_next().await.transpose()?.transpose()?;
        }
        let store = store.clone();
        let id = format!("c{number}");
        tasks.spawn(async move { turn(&store, begin(&id), &format!("r{number}")).await });
    }
    while let Some(stored) = tasks.join_next().await {
        stored??;
    }
    turn(&store, begin("long"), "long-r0").await?;
    for number in 1..size {
        let message = MessageRecord { id: format!("long-q{number}"), content: question(number) };
        let place =
            TurnPlace::Follows { conversation_id: "long".to_owned(), parent_id: None, message };
        turn(&store, place, &format!("long-r{number}")).await?;
    }
    store.close().await;
    Ok(())
}

fn question(number: usize) -> String {
    format!("What does sheet {number} of the chart say of the harbour?")
}

fn begin(id: &str) -> TurnPlace {
    let title = format!("The chart of {id}");
    let message = MessageRecord { id: format!("{id}-q0"), content: question(0) };
    TurnPlace::New(Creation { id: id.to_owned(), title, generation_id: None }, message)
}

/// Stores a turn whose reply is complete.
async fn turn(store: &SqliteStore, place: TurnPlace, reply: &str) -> Result<()> {
    let snapshot = Snapshot {
        id: reply.to_owned(),
        cursor: 1,
        provider: "builtin".to_owned(),
        model: "extractive".to_owned(),
        shape: "reply".to_owned(),
        ..Snapshot::default()
    };
    let record = Record {
        snapshot: snapshot.clone(),
        owner: OWNER.to_owned(),
        node: LOCAL_NODE.to_owned(),
        input: String::new(),
        idempotency: None,
        first: batch(1),
    };
    let turn = TurnRecord {
        owner: OWNER.to_owned(),
        place,
        persona_id: None,
        reply: record,
        idempotency: None,
    };
    let writer: Box<dyn LogWriter> = match store.store_turn(turn).await? {
        TurnOutcome::New(_, writer) => writer,
        TurnOutcome::Not(not) => bail!("not stored: {not:?}"),
    };
    let document = json!({"content": ANSWER}).into();
    let whole = Snapshot { status: Status::Completed, cursor: 2, document, ..snapshot };
    writer.end(batch(2), &whole).await?;
    Ok(())
}

fn batch(event: u64) -> Batch {
    let delta = FieldDelta { path: "/content".to_owned(), text: ANSWER.to_owned() };
    let mut frames = Vec::new();
    protocol::encode(event, &Event::FieldDelta(delta), &mut frames);
    Batch { first: event, last: event, frames: Bytes::from(frames) }
}
