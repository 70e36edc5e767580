use std::fs;
use std::path::Path;

use bytes::Bytes;
use rusqlite::Connection;
use store::{Batch, Error, Store};

use super::place::open;
use crate::sample::{batch, create, ended, replay, wire};

#[tokio::test]
async fn those_that_wait_together_share_a_commit() {
    let (_folder, store) = open();
    let before = store.commits();
    let born = (0..1000).map(|n| {
        let store = store.clone();
        async move { create(&store, &format!("g{n}")).await }
    });
    let logs = futures::future::join_all(born).await;
    let commits = store.commits() - before;
    assert!(commits <= 250, "{commits} commits for 1,000 generations");
    let before = store.commits();
    let appends = logs.iter().map(|log| log.append(batch(2, 3)));
    futures::future::try_join_all(appends).await.unwrap();
    let commits = store.commits() - before;
    assert!(commits <= 250, "{commits} commits for 1,000 appends");
    assert_eq!(replay(&store, "g0", 0, usize::MAX).await, wire(1..=3));
    assert_eq!(replay(&store, "g999", 0, usize::MAX).await, wire(1..=3));
}

#[tokio::test]
async fn what_is_written_ahead_stays_small_and_goes_when_the_store_is_closed() {
    let (folder, store) = open();
    let wal = folder.path().join("unspool.db-wal");
    let frames = Bytes::from(vec![b'x'; 1 << 20]);
    let log = create(&store, "g").await;
    let mut largest = (0, 0);
    for event in 2..200 {
        let batch = Batch { first: event, last: event, frames: frames.clone() };
        log.append(batch).await.unwrap();
        largest.0 = largest.0.max(fs::metadata(&wal).unwrap().len());
        largest.1 = largest.1.max(journal_bytes(folder.path()));
    }
    assert!(largest.0 < 70 << 20, "{} bytes of write-ahead log", largest.0);
    assert!(largest.1 < 40 << 20, "{} bytes of journal", largest.1);
    store.close().await;
    assert!(!wal.exists());
    assert_eq!(journal_bytes(folder.path()), 0);
}

fn journal_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let journal = entries.filter(|entry| entry.file_name().to_str().unwrap().contains("journal"));
    // A segment may go between the two looks.
    journal.map(|entry| entry.metadata().map_or(0, |segment| segment.len())).sum()
}

#[tokio::test]
async fn a_lock_held_by_another_program_keeps_only_endings_waiting() {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    let intruder = Connection::open(folder.path().join("unspool.db")).unwrap();
    intruder.execute_batch("BEGIN IMMEDIATE").unwrap();
    log.append(batch(2, 2)).await.unwrap();
    let end = ended("g", "t", "s", 3);
    let refused = log.end(batch(3, 3), &end).await;
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    assert_eq!(replay(&store, "g", 0, 1).await, wire(1..=2));
    intruder.execute_batch("ROLLBACK").unwrap();
    log.end(batch(3, 3), &end).await.unwrap();
    assert_eq!(replay(&store, "g", 0, 1).await, wire(1..=3));
}
