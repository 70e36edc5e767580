use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use store::Store;

use crate::sample::{append, batch, create, end_after, ended, replay, wire};

/// Tells the child which folder to write to.
const FOLDER: &str = "STORE_KILL_FOLDER";

/// How many logs the child writes side by side.
const LOGS: u64 = 8;

/// Not a test of its own: writes until it is killed, printing what was committed.
#[tokio::test]
#[ignore = "the child of the test below"]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let store = Store::open(Path::new(&folder)).unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for log in 0..LOGS {
        let store = store.clone();
        writers.spawn(async move {
            for run in 0.. {
                let id = format!("{}-{log}-{run}", std::process::id());
                let log = create(&store, &id).await;
                println!("\n= {id} 1");
                let mut last = 1;
                for size in (1..60).map(|n| n % 5 + 1) {
                    append(&store, &log, batch(last + 1, last + size)).await.unwrap();
                    last += size;
                    println!("\n= {id} {last}");
                }
                let end = ended(&id, "t", "s", last + 1);
                store.end(&log, batch(last + 1, last + 1), &end).await.unwrap();
                println!("\n= {id} {}", last + 1);
            }
        });
    }
    writers.join_all().await;
}

/// Runs the child, kills it `lifetime` after its first commit, and gives what it had printed.
fn killed_after(folder: &Path, lifetime: Duration) -> Vec<(String, u64)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut committed = Vec::new();
    let mut deadline = None;
    let mut alive = true;
    // The pipe ends when the child is dead; until then it never stays silent.
    while let Some(Ok(line)) = lines.next() {
        let Some((id, last)) = line.strip_prefix("= ").and_then(|line| line.split_once(' ')) else {
            continue;
        };
        committed.push((id.to_owned(), last.parse().unwrap()));
        let deadline = *deadline.get_or_insert_with(|| Instant::now() + lifetime);
        if alive && Instant::now() >= deadline {
            child.kill().unwrap();
            alive = false;
        }
    }
    child.wait().unwrap();
    committed
}

#[tokio::test]
async fn killing_the_process_loses_nothing_that_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20u64 {
        // Spread over commits, checkpoints and ends without being the same twice.
        let lifetime = Duration::from_micros(round * round * 211 % 40_000);
        let committed = killed_after(folder.path(), lifetime);
        assert!(!committed.is_empty());

        let store = Store::open(folder.path()).unwrap();
        for (id, last) in committed {
            let log = replay(&store, &id, 0, 1000).await;
            assert!(log.starts_with(&wire(1..=last)), "{id} lost events before {last}");
        }
        for generation in store.unfinished().await.unwrap() {
            let log = replay(&store, &generation.id, 0, 1 << 20).await;
            let last = protocol::Frames::new(&log).last().unwrap().id;
            assert_eq!(log, wire(1..=last));
            end_after(&store, &generation.id, last).await;
        }
        store.close().await;
        let database = Connection::open(folder.path().join("unspool.db")).unwrap();
        let verdict: String =
            database.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
    }
}
