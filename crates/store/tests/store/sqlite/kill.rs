use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use store::sqlite::SqliteStore;
use store::{LOCAL_NODE, Store};

use super::place::{aside, open_logged};
use crate::sample::{batch, create, end_after, ended, replay, wire};

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
    let store = SqliteStore::open(Path::new(&folder)).unwrap();
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
                    log.append(batch(last + 1, last + size)).await.unwrap();
                    last += size;
                    println!("\n= {id} {last}");
                }
                if run % 3 > 0 {
                    let end = ended(&id, "t", "s", last + 1);
                    log.end(batch(last + 1, last + 1), &end).await.unwrap();
                    println!("\n= {id} {}", last + 1);
                }
                if run % 3 < 2 {
                    println!("\n~ {id} 0");
                    store.delete("someone", &id).await.unwrap();
                    println!("\n- {id} 0");
                }
            }
        });
    }
    writers.join_all().await;
}

/// What the child said of a generation.
#[derive(Clone, Copy, PartialEq)]
enum Said {
    /// Its log reaches so far.
    Committed(u64),
    /// It is to be deleted.
    Deleting,
    Deleted,
}

fn said(line: &str) -> Option<(String, Said)> {
    let (sign, rest) = line.split_once(' ')?;
    let (id, last) = rest.split_once(' ')?;
    let said = match sign {
        "=" => Said::Committed(last.parse().ok()?),
        "~" => Said::Deleting,
        "-" => Said::Deleted,
        _ => return None,
    };
    Some((id.to_owned(), said))
}

/// Runs the child, kills it `lifetime` after its first commit, and gives what it said last of each
/// generation.
fn killed_after(folder: &Path, lifetime: Duration) -> HashMap<String, Said> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sqlite::kill::child", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut all = HashMap::new();
    let mut deadline = None;
    let mut alive = true;
    // The pipe ends when the child is dead; until then it never stays silent.
    while let Some(Ok(line)) = lines.next() {
        let Some((id, said)) = said(&line) else {
            continue;
        };
        all.insert(id, said);
        let deadline = *deadline.get_or_insert_with(|| Instant::now() + lifetime);
        if alive && Instant::now() >= deadline {
            child.kill().unwrap();
            alive = false;
        }
    }
    child.wait().unwrap();
    all
}

#[tokio::test]
async fn killing_the_process_loses_nothing_that_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20u64 {
        // Spread over commits, checkpoints and ends without being the same twice.
        let lifetime = Duration::from_micros(round * round * 211 % 40_000);
        let all = killed_after(folder.path(), lifetime);
        assert!(!all.is_empty());

        let (store, logged) = open_logged(folder.path());
        assert_eq!((logged.as_str(), aside(folder.path()).len()), ("", 0));
        let store = store.unwrap();
        for (id, said) in all {
            match said {
                Said::Committed(last) => {
                    let log = replay(&store, &id, 0, 1000).await;
                    assert!(log.starts_with(&wire(1..=last)), "{id} lost events before {last}");
                }
                Said::Deleted => {
                    assert_eq!(store.snapshot("someone", &id).await.unwrap(), None, "{id}");
                }
                Said::Deleting => {}
            }
        }
        for generation in store.unfinished(LOCAL_NODE).await.unwrap() {
            let log = replay(&store, &generation.snapshot.id, 0, 1 << 20).await;
            let last = protocol::Frames::new(&log).last().unwrap().id;
            assert_eq!(log, wire(1..=last));
            end_after(&store, &generation.snapshot.id, last).await;
        }
        store.close().await;
        let database = Connection::open(folder.path().join("unspool.db")).unwrap();
        let verdict: String =
            database.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
    }
}
