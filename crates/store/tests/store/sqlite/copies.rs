//! A journal beside another copy of the database than the one that it belongs to.

use std::fs;
use std::path::{Path, PathBuf};

use store::Store;
use store::sqlite::SqliteStore;
use tempfile::TempDir;

use super::place::{aside, killed, open, open_logged};
use crate::sample::{batch, complete, create, ended, replay, resume, wire};

/// Where the database and its write-ahead log are.
fn database(folder: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| folder.join(format!("unspool.db{suffix}")))
}

fn put_back(older: &Path, folder: &Path) {
    for (from, to) in database(older).iter().zip(database(folder)) {
        let _ = fs::remove_file(&to);
        if from.exists() {
            fs::copy(from, to).unwrap();
        }
    }
}

/// A copy of the database that knows `known`, and what a server left that was killed after it had
/// written on, and begun `unknown`.
async fn older_and_newer() -> (TempDir, TempDir) {
    let (folder, store) = open();
    let known = create(&store, "known").await;
    known.append(batch(2, 9)).await.unwrap();
    let older = killed(folder.path());
    known.append(batch(10, 12)).await.unwrap();
    let unknown = create(&store, "unknown").await;
    unknown.append(batch(2, 5)).await.unwrap();
    (older, killed(folder.path()))
}

#[tokio::test]
async fn beside_an_older_copy_what_it_does_not_know_is_kept_and_said() {
    let (older, newer) = older_and_newer().await;
    let journal = fs::read(newer.path().join("unspool.journal.1")).unwrap();
    put_back(older.path(), newer.path());
    // As if the copy had been made by hand, of the database alone: nothing else tells.
    fs::remove_file(newer.path().join("unspool.mark")).unwrap();
    let (store, said) = open_logged(newer.path());
    let store = store.unwrap();
    assert_eq!(replay(&store, "known", 0, 1000).await, wire(1..=12), "what follows is taken over");
    assert_eq!(aside(newer.path()), ["unspool.journal.1.unknown-1"]);
    assert!(fs::read(newer.path().join("unspool.journal.1.unknown-1")).unwrap() == journal);
    assert!(said.contains("unspool.journal.1.unknown-1"), "{said}");
    assert!(said.contains("generations=1"), "{said}");

    // Whoever puts all of it back has lost nothing.
    store.close().await;
    let again = tempfile::tempdir().unwrap();
    let (_, newer) = older_and_newer().await;
    put_back(newer.path(), again.path());
    fs::write(again.path().join("unspool.journal.1"), journal).unwrap();
    let (store, said) = open_logged(again.path());
    let store = store.unwrap();
    assert_eq!(replay(&store, "known", 0, 1000).await, wire(1..=12));
    assert_eq!(replay(&store, "unknown", 0, 1000).await, wire(1..=5));
    assert_eq!((said.as_str(), aside(again.path()).len()), ("", 0));
}

#[tokio::test]
async fn a_log_that_is_ahead_of_an_older_copy_is_kept() {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    let older = killed(folder.path());
    log.append(batch(2, 9)).await.unwrap();
    store.close().await;
    let store = SqliteStore::open(folder.path()).unwrap();
    // What it appends now is in a journal that begins in the middle.
    let log = resume(&store, "g", 9).await;
    log.append(batch(10, 12)).await.unwrap();
    let newer = killed(folder.path());
    put_back(older.path(), newer.path());
    fs::remove_file(newer.path().join("unspool.mark")).unwrap();
    let (store, said) = open_logged(newer.path());
    assert_eq!(replay(&store.unwrap(), "g", 0, 1000).await, wire(1..=1));
    assert_eq!(aside(newer.path()), ["unspool.journal.1.unknown-1"]);
    assert!(said.contains("generations=1"), "{said}");
}

#[tokio::test]
async fn without_its_write_ahead_log_a_database_is_an_older_copy() {
    let (_, newer) = older_and_newer().await;
    for lost in [&database(newer.path())[1..2], &database(newer.path())[1..]] {
        let folder = killed(newer.path());
        for path in lost {
            fs::remove_file(folder.path().join(path.file_name().unwrap())).unwrap();
        }
        let (store, said) = open_logged(folder.path());
        let store = store.unwrap();
        assert_eq!(store.snapshot("someone", "known").await.unwrap(), None);
        assert_eq!(aside(folder.path()), ["unspool.journal.1.unknown-1"]);
        assert!(said.contains("generations=2"), "{said}");
        assert!(said.contains("the database lacks its last transactions"), "{said}");
        store.close().await;
        assert_eq!(open_logged(folder.path()).1, "", "it is said once");
    }
}

#[tokio::test]
async fn a_write_ahead_log_whose_database_is_gone_is_kept() {
    let (_, newer) = older_and_newer().await;
    let log = fs::read(newer.path().join("unspool.db-wal")).unwrap();
    assert!(!log.is_empty());
    fs::remove_file(newer.path().join("unspool.db")).unwrap();
    let (store, said) = open_logged(newer.path());
    assert_eq!(store.unwrap().snapshot("someone", "known").await.unwrap(), None);
    let kept = ["unspool.db-wal.unknown-1", "unspool.journal.1.unknown-1"];
    assert_eq!(aside(newer.path()), kept);
    assert!(fs::read(newer.path().join(kept[0])).unwrap() == log);
    assert!(kept.iter().all(|kept| said.contains(kept)), "{said}");
}

/// Generations that have ended are in no journal: the mark beside the database tells.
#[tokio::test]
async fn a_database_that_lacks_transactions_is_noticed_without_a_journal() {
    let (folder, store) = open();
    complete(&store, "a", "t", "s").await;
    store.close().await;
    let older = killed(folder.path());
    let store = SqliteStore::open(folder.path()).unwrap();
    complete(&store, "b", "t", "s").await;
    store.close().await;
    assert_eq!(open_logged(killed(folder.path()).path()).1, "");

    put_back(older.path(), folder.path());
    let (store, said) = open_logged(folder.path());
    assert!(said.contains("the database lacks its last transactions"), "{said}");
    assert!(said.contains("transactions="), "{said}");
    store.unwrap().close().await;
    assert_eq!(open_logged(folder.path()).1, "");
}

/// Its journal follows, but for the end, which was not in it.
#[tokio::test]
async fn the_journal_of_a_newer_copy_is_kept_though_all_of_it_follows() {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    let older = killed(folder.path());
    log.append(batch(2, 9)).await.unwrap();
    log.end(batch(10, 10), &ended("g", "t", "s", 10)).await.unwrap();
    let newer = killed(folder.path());
    put_back(older.path(), newer.path());
    let (store, said) = open_logged(newer.path());
    assert_eq!(replay(&store.unwrap(), "g", 0, 1000).await, wire(1..=9));
    assert!(said.contains("the database lacks its last transactions"), "{said}");
    assert_eq!(aside(newer.path()), ["unspool.db-wal.unknown-1", "unspool.journal.1.unknown-1"]);
}

#[tokio::test]
async fn a_mark_that_is_damaged_is_said() {
    let (folder, store) = open();
    complete(&store, "g", "t", "s").await;
    store.close().await;
    fs::write(folder.path().join("unspool.mark"), "no mark").unwrap();
    let (store, said) = open_logged(folder.path());
    assert!(said.contains("unspool.mark"), "{said}");
    store.unwrap().close().await;
    assert_eq!(open_logged(folder.path()).1, "", "it is made anew");
}

#[tokio::test]
async fn what_was_deleted_since_an_older_copy_is_not_missed() {
    let (folder, store) = open();
    let older = killed(folder.path());
    let log = create(&store, "g").await;
    log.append(batch(2, 9)).await.unwrap();
    assert!(store.delete("someone", "g").await.unwrap());
    let newer = killed(folder.path());
    put_back(older.path(), newer.path());
    fs::remove_file(newer.path().join("unspool.mark")).unwrap();
    assert_eq!(open_logged(newer.path()).1, "");
    assert!(aside(newer.path()).is_empty());
}

/// Who puts an older copy back may want just what was deleted since.
#[tokio::test]
async fn a_deletion_in_the_journal_does_not_empty_an_older_copy() {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    log.append(batch(2, 9)).await.unwrap();
    let older = killed(folder.path());
    store.delete("someone", "g").await.unwrap();
    let newer = killed(folder.path());
    put_back(older.path(), newer.path());
    let (store, _) = open_logged(newer.path());
    assert_eq!(replay(&store.unwrap(), "g", 0, 1000).await, wire(1..=9));
}
