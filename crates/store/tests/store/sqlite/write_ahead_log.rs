//! A write-ahead log that is damaged, as a killed server leaves it to a disk that forgets.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use store::{Record, Store};
use tempfile::TempDir;

use super::place::{aside, killed, open, open_logged};
use crate::sample::{batch, complete, create, ended, record, replay, wire};

/// Length of a text that takes many pages.
const INPUT: usize = 200_000;

/// What a server left that was killed: a generation that ran, one that has ended, one that has
/// been deleted. All of it is in the write-ahead log and in the journal.
async fn left() -> TempDir {
    let (folder, store) = open();
    complete(&store, "deleted", "t", "s").await;
    let log = create(&store, "runs").await;
    log.append(batch(2, 9)).await.unwrap();
    store.delete("someone", "deleted").await.unwrap();
    complete(&store, "done", "t", "s").await;
    killed(folder.path())
}

async fn has_all(store: &dyn Store) -> bool {
    store.snapshot("someone", "deleted").await.unwrap().is_none()
        && store.snapshot("someone", "done").await.unwrap() == Some(ended("done", "t", "s", 2))
        && store.input("someone", "runs").await.unwrap().is_some()
        && replay(store, "done", 0, 1000).await == wire(1..=2)
        && replay(store, "runs", 0, 1000).await == wire(1..=9)
}

/// Whether the log is kept as it was found, and that was said.
fn is_noticed(folder: &Path, log: &[u8], said: &str) -> bool {
    is_kept(folder, "unspool.db-wal.damaged-1", log, said)
}

fn is_kept(folder: &Path, name: &str, log: &[u8], said: &str) -> bool {
    fs::read(folder.join(name)).is_ok_and(|kept| kept == log) && said.contains(name)
}

/// Each byte of the header, of the frames' headers at the beginning, in the middle and at the end,
/// and some of each page.
fn places(log: &[u8]) -> Vec<usize> {
    const FRAME: usize = 24 + 4096;
    let frames = (log.len() - 32) / FRAME;
    assert_eq!(log.len(), 32 + frames * FRAME);
    let frame = |number: usize| 32 + number * FRAME;
    let headers = [0, frames / 2, frames - 1].map(|number| frame(number)..frame(number) + 24);
    let pages = (0..frames).flat_map(|number| [30, 2000, FRAME - 1].map(|at| frame(number) + at));
    (0..32).chain(headers.into_iter().flatten()).chain(pages).collect()
}

async fn flip_everywhere(is_marked: bool) {
    let left = left().await;
    if !is_marked {
        fs::remove_file(left.path().join("unspool.mark")).unwrap();
    }
    let whole = fs::read(left.path().join("unspool.db-wal")).unwrap();
    let places = places(&whole);
    assert!(places.len() > 112);
    let mut noticed = 0;
    for (nth, &place) in places.iter().enumerate() {
        let folder = killed(left.path());
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << (nth % 8);
        fs::write(folder.path().join("unspool.db-wal"), &flipped).unwrap();
        let (store, said) = open_logged(folder.path());
        let store = store.unwrap();
        let is_noticed = is_noticed(folder.path(), &flipped, &said);
        assert!(is_noticed || has_all(&store).await, "byte {place}: lost in silence\n{said}");
        noticed += usize::from(is_noticed);
        store.close().await;
    }
    assert_eq!(noticed, places.len());
}

#[tokio::test]
async fn a_flipped_bit_is_noticed_wherever_it_is() {
    flip_everywhere(true).await;
}

#[tokio::test]
async fn a_flipped_bit_is_noticed_where_nothing_is_marked() {
    flip_everywhere(false).await;
}

#[tokio::test]
async fn a_log_that_is_whole_is_taken_in_silence() {
    let folder = left().await;
    let (store, said) = open_logged(folder.path());
    assert!(has_all(&store.unwrap()).await);
    assert_eq!((said.as_str(), aside(folder.path()).len()), ("", 0));
}

/// Wherever the process was killed while it wrote to the log, nobody was told of that.
#[tokio::test]
async fn a_transaction_cut_short_is_no_damage() {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    log.append(batch(2, 9)).await.unwrap();
    let before = killed(folder.path());
    let committed = fs::read(before.path().join("unspool.db-wal")).unwrap().len();
    complete(&store, "h", "t", "s").await;
    let after = fs::read(killed(folder.path()).path().join("unspool.db-wal")).unwrap();
    for cut in (committed..committed + 9000).step_by(1000) {
        let folder = killed(before.path());
        fs::write(folder.path().join("unspool.db-wal"), &after[..cut]).unwrap();
        let (store, said) = open_logged(folder.path());
        assert_eq!(replay(&store.unwrap(), "g", 0, 1000).await, wire(1..=9));
        assert_eq!((said.as_str(), aside(folder.path()).len()), ("", 0), "cut at {cut}");
    }
}

#[tokio::test]
async fn a_log_that_was_cut_is_noticed() {
    let left = left().await;
    let whole = fs::read(left.path().join("unspool.db-wal")).unwrap();
    for length in [0, 1, 32, 33, 32 + 4120, whole.len() / 2, whole.len() - 4120, whole.len() - 1] {
        let folder = killed(left.path());
        fs::write(folder.path().join("unspool.db-wal"), &whole[..length]).unwrap();
        let (store, said) = open_logged(folder.path());
        store.unwrap().close().await;
        assert!(said.contains("the database lacks its last transactions"), "{length}: {said}");
        // Where it is cut between two frames, what is there is whole.
        let is_kept = ["damaged-1", "unknown-1"]
            .map(|name| format!("unspool.db-wal.{name}"))
            .iter()
            .any(|name| is_kept(folder.path(), name, &whole[..length], &said));
        assert!(is_kept || length == 0, "{length}: {said}");
    }
}

/// Older pages that are whole must not hide what the database has of what is not.
#[tokio::test]
async fn a_damaged_log_takes_nothing_back_that_the_database_has() {
    let (folder, store) = open();
    for n in 0..6 {
        let record = Record { input: "x".repeat(INPUT), ..record(&format!("g{n}")) };
        store.create(record).await.unwrap();
    }
    // The store does so from 4 MiB on.
    let other = Connection::open(folder.path().join("unspool.db")).unwrap();
    let (frames, taken_over): (u32, u32) = other
        .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get(1)?, row.get(2)?)))
        .unwrap();
    assert!(frames == taken_over && frames > 100, "{taken_over} of {frames}");
    let folder = killed(folder.path());
    let path = folder.path().join("unspool.db-wal");
    let mut log = fs::read(&path).unwrap();
    let middle = log.len() / 2;
    log[middle] ^= 1;
    fs::write(&path, &log).unwrap();
    let (store, said) = open_logged(folder.path());
    let store = store.unwrap();
    for n in 0..6 {
        let input = store.input("someone", &format!("g{n}")).await.unwrap();
        assert_eq!(input.map(|input| input.len()), Some(INPUT), "g{n}");
    }
    assert!(is_noticed(folder.path(), &log, &said), "{said}");
    assert_eq!(said.lines().count(), 1, "nothing is lacking: {said}");
}
