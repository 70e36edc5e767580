//! Deleting, while the journal still holds what is deleted.

use rusqlite::Connection;
use store::sqlite::SqliteStore;
use store::{Retention, Store};

use super::place::{aside, killed, open, open_logged};
use crate::sample::{batch, complete, create, ended, replay, until, wire};

/// Opens what a kill would leave now: with nothing to say, and nothing aside.
fn opened_quietly(folder: &std::path::Path) -> (tempfile::TempDir, SqliteStore) {
    let folder = killed(folder);
    let (store, said) = open_logged(folder.path());
    assert_eq!((said.as_str(), aside(folder.path()).len()), ("", 0));
    (folder, store.unwrap())
}

#[tokio::test]
async fn what_was_deleted_while_it_ran_is_not_missed() {
    let (folder, store) = open();
    let (deleted, other) = (create(&store, "deleted").await, create(&store, "other").await);
    for log in [&deleted, &other] {
        log.append(batch(2, 9)).await.unwrap();
    }
    assert!(store.delete("someone", "deleted").await.unwrap());
    assert!(!store.delete("someone", "deleted").await.unwrap());
    let (_folder, store) = opened_quietly(folder.path());
    assert_eq!(store.snapshot("someone", "deleted").await.unwrap(), None);
    assert_eq!(replay(&store, "other", 0, 1000).await, wire(1..=9));
}

#[tokio::test]
async fn what_was_deleted_or_pruned_after_its_end_is_not_missed() {
    let (folder, store) = open();
    for id in ["deleted", "pruned"] {
        let log = create(&store, id).await;
        log.append(batch(2, 9)).await.unwrap();
        log.end(batch(10, 10), &ended(id, "t", "s", 10)).await.unwrap();
    }
    assert!(store.delete("someone", "deleted").await.unwrap());
    let keep = Retention { max_age: None, max_bytes: Some(0) };
    assert_eq!(store.prune(keep, 0).await.unwrap().removed, 1);
    let (_folder, store) = opened_quietly(folder.path());
    assert!(store.list("someone", "", None, 9).await.unwrap().generations.is_empty());
}

/// It may have been killed just after it had written to the journal what it was about to do.
#[tokio::test]
async fn a_deletion_that_was_not_carried_out_leaves_all_as_it_was() {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    log.append(batch(2, 9)).await.unwrap();
    let intruder = Connection::open(folder.path().join("unspool.db")).unwrap();
    intruder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let journal = folder.path().join("unspool.journal.1");
    let before = std::fs::metadata(&journal).unwrap().len();
    let deleting = tokio::spawn({
        let store = store.clone();
        async move { store.delete("someone", "g").await }
    });
    until(|| std::fs::metadata(&journal).unwrap().len() > before).await;
    let (_killed, survivor) = opened_quietly(folder.path());
    assert_eq!(replay(&survivor, "g", 0, 1000).await, wire(1..=9));
    intruder.execute_batch("ROLLBACK").unwrap();
    assert!(deleting.await.unwrap().unwrap());
}

/// Another program has changed the database under a running log.
#[tokio::test]
async fn what_the_database_has_no_place_for_is_kept_when_the_store_is_closed() {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    log.append(batch(2, 9)).await.unwrap();
    let intruder = Connection::open(folder.path().join("unspool.db")).unwrap();
    intruder.execute_batch("UPDATE log SET first = 0, last = 0").unwrap();
    drop(intruder);
    store.close().await;
    assert_eq!(aside(folder.path()), ["unspool.journal.1.unknown-1"]);
}

#[tokio::test]
async fn what_is_not_there_is_not_written_about() {
    let (folder, store) = open();
    complete(&store, "g", "t", "s").await;
    let journal = folder.path().join("unspool.journal.1");
    let before = std::fs::read(&journal).unwrap();
    assert!(!store.delete("someone", "nobody").await.unwrap());
    assert!(std::fs::read(&journal).unwrap() == before);
}

#[tokio::test]
async fn no_row_is_left_behind() {
    let (folder, store) = open();
    complete(&store, "gone", "Gone", "for good").await;
    complete(&store, "kept", "Kept", "as it was").await;
    assert!(store.delete("someone", "gone").await.unwrap());
    store.close().await;

    let database = Connection::open(folder.path().join("unspool.db")).unwrap();
    for (table, rows) in [("generation", 1), ("input", 1), ("log", 2)] {
        let count = format!("SELECT count(*) FROM {table}");
        let found: i64 = database.query_row(&count, [], |row| row.get(0)).unwrap();
        assert_eq!(found, rows, "{table}");
    }
}
