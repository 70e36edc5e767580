//! What the program makes of the folder that its data is in.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use http::StatusCode;
use rusqlite::Connection;
use test_support::{Client, Exchange, Launch, Unspool, within};

use crate::stage::{begin, builtin, launch, played, problem, run};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Names of what is kept aside.
fn aside(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter(|name| name.contains("damaged-") || name.contains("unknown-")).collect()
}

/// Waits for a line of the program's log with these parts.
async fn says(server: &Unspool, parts: &[&str]) {
    let is_it = |line: &str| parts.iter().all(|part| line.contains(part));
    let mut log = server.stderr();
    let said = log.find(|said| said.lines().any(is_it).then_some(())).await;
    assert!(said.is_some(), "{parts:?} is missing: {}", log.so_far());
}

/// The one line that the program says instead of starting.
async fn refusal(launch: &Launch) -> String {
    let exit = launch.run().await;
    assert!(!exit.status.success());
    assert_eq!(exit.stderr.lines().count(), 1, "{}", exit.stderr);
    exit.stderr
}

#[tokio::test]
async fn files_are_their_owners_alone_in_any_folder() {
    let launch = launch();
    fs::create_dir(launch.data()).unwrap();
    fs::set_permissions(launch.data(), Permissions::from_mode(0o777)).unwrap();
    fs::write(launch.data().join("unspool.lock"), "").unwrap();
    fs::set_permissions(launch.data().join("unspool.lock"), Permissions::from_mode(0o666)).unwrap();
    let server = launch.start().await;
    run(server.client()).await;
    let mut found = 0;
    for entry in fs::read_dir(server.data()).unwrap().map(Result::unwrap) {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
        found += 1;
    }
    assert_eq!(found, 6, "database, its log and index, lock, mark, journal");
}

#[tokio::test]
async fn a_lock_file_that_is_removed_lets_no_second_server_in() {
    let server = builtin().await;
    fs::remove_file(server.data().join("unspool.lock")).unwrap();
    let said = refusal(server.launch()).await;
    assert!(said.contains("already in use by another server"), "{said}");
    assert_eq!(server.client().get("/health").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_folder_in_a_segments_place_is_named() {
    let launch = launch();
    let stray = launch.data().join("unspool.journal.3");
    fs::create_dir_all(&stray).unwrap();
    let said = refusal(&launch).await;
    assert!(said.contains(stray.to_str().unwrap()), "{said}");
    assert!(said.contains("is no file"), "{said}");
}

#[tokio::test]
async fn a_file_that_only_bears_the_journals_name_is_named_and_left() {
    let launch = launch();
    fs::create_dir(launch.data()).unwrap();
    let stray = launch.data().join("unspool.journal.x");
    fs::write(&stray, "mine").unwrap();
    let server = launch.start().await;
    says(&server, &[stray.to_str().unwrap()]).await;
    assert_eq!(fs::read_to_string(&stray).unwrap(), "mine");
}

#[tokio::test]
async fn what_an_older_database_does_not_know_is_kept_and_said() {
    let (server, mut upstream) = played().await;
    let (known, _) = begin(server.client(), &mut upstream).await;
    let (launch, database) = (server.launch().clone(), server.data().join("unspool.db"));
    server.terminate();
    assert!(server.ended().await.status.success());
    let older = fs::read(&database).unwrap();

    let server = launch.start().await;
    let (unknown, exchange) = begin(server.client(), &mut upstream).await;
    write_some(server.client(), &unknown, exchange).await;
    let launch = server.kill().await;
    fs::write(&database, older).unwrap();
    for suffix in ["-wal", "-shm"] {
        fs::remove_file(launch.data().join(format!("unspool.db{suffix}"))).unwrap();
    }
    let server = launch.start().await;
    says(&server, &["lacks its last transactions"]).await;
    says(&server, &["unspool.journal.1.unknown-1", "generations=1"]).await;
    assert_eq!(aside(&server.data()), ["unspool.journal.1.unknown-1"]);
    let path = |id: &str| format!("/api/generations/{id}");
    assert_eq!(server.client().get(&path(&known)).await.status, StatusCode::OK);
    problem(&server.client().get(&path(&unknown)).await, 404, "not_found");
}

/// Lets the provider write until a reader has seen some of it.
async fn write_some(client: Client, id: &str, mut exchange: Exchange) {
    let mut stream = client.follow(id, 0).await;
    exchange.text("{\"title\": \"Ice").await;
    stream.until(|message| message.event == "field_delta").await;
}

#[tokio::test]
async fn what_was_deleted_is_not_missed_after_a_kill() {
    let (server, mut upstream) = played().await;
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    write_some(server.client(), &id, exchange).await;
    let path = format!("/api/generations/{id}");
    assert_eq!(server.client().delete(&path).await.status, StatusCode::NO_CONTENT);
    let server = server.kill().await.start().await;
    problem(&server.client().get(&path).await, 404, "not_found");
    assert!(aside(&server.data()).is_empty());
    server.terminate();
    let said = server.ended().await.stderr;
    assert!(!said.contains("unspool."), "{said}");
}

#[tokio::test]
async fn a_flipped_bit_in_the_write_ahead_log_is_said() {
    let server = builtin().await;
    run(server.client()).await;
    let launch = server.kill().await;
    let path = launch.data().join("unspool.db-wal");
    let mut log = fs::read(&path).unwrap();
    let last = log.len() - 1;
    log[last] ^= 1;
    fs::write(&path, &log).unwrap();
    let server = launch.start().await;
    says(&server, &["unspool.db-wal.damaged-1"]).await;
    assert!(fs::read(server.data().join("unspool.db-wal.damaged-1")).unwrap() == log);
}

/// As on a machine whose clock starts years ahead: its data looks as old.
#[tokio::test]
async fn a_clock_that_is_years_ahead_empties_no_history() {
    let server = builtin().await;
    let (old, _) = run(server.client()).await;
    let (new, _) = run(server.client()).await;
    let launch = server.kill().await;
    let database = Connection::open(launch.data().join("unspool.db")).unwrap();
    let set_back = "UPDATE generation SET created_ms = created_ms - ?1 WHERE id = ?2";
    database.execute(set_back, (3650 * DAY_MS, &new)).unwrap();
    database.execute(set_back, (3690 * DAY_MS, &old)).unwrap();
    drop(database);

    let server = launch.flag("retain-days", "30").start().await;
    says(&server, &["the clock is far ahead"]).await;
    let path = |id: &str| format!("/api/generations/{id}");
    let gone = async { while server.client().get(&path(&old)).await.status.is_success() {} };
    within("pruning", gone).await;
    assert_eq!(server.client().get(&path(&new)).await.status, StatusCode::OK);
}
