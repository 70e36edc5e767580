use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use store::Store;
use store::sqlite::{OpenError, SqliteStore};

use super::place::{open, open_logged};
use crate::sample::{complete, replay, wire};

fn refusal(folder: &Path) -> OpenError {
    match SqliteStore::open(folder) {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

/// What is in the folder, but for what SQLite makes while it looks.
fn names(folder: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter(|name| !name.ends_with("-shm") && !name.ends_with("-wal")).collect()
}

/// Refuses to open, and leaves the file as it was and nothing more beside it but the lock.
fn refused_untouched(folder: &Path) -> OpenError {
    let file = folder.join("unspool.db");
    let mut before = names(folder);
    before.insert("unspool.lock".into());
    let content = fs::read(&file).unwrap();
    let error = refusal(folder);
    assert!(fs::read(&file).unwrap() == content, "the file was changed");
    assert_eq!(names(folder), before);
    error
}

#[tokio::test]
async fn the_folder_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b c/数据");
    let (store, said) = open_logged(&deep);
    let store = store.unwrap();
    assert_eq!(said, "");
    complete(&store, "g", "t", "s").await;
    assert!(deep.join("unspool.db").is_file());
}

#[tokio::test]
async fn one_store_a_folder() {
    let (folder, store) = open();
    let error = refusal(folder.path());
    assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    assert!(error.to_string().ends_with("is already in use by another server"), "{error}");
    complete(&store, "g", "t", "s").await;
    store.close().await;
    assert_eq!(replay(&SqliteStore::open(folder.path()).unwrap(), "g", 0, 1).await, wire(1..=2));
}

#[tokio::test]
async fn a_file_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "text").unwrap();
    let error = refusal(&file);
    assert!(matches!(error, OpenError::Folder { .. }), "{error}");
    assert_eq!(fs::read(&file).unwrap(), b"text");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    for folder in ["/proc/self", "/proc/unspool"] {
        let error = refusal(Path::new(folder));
        assert!(error.to_string().contains(folder), "{error}");
        assert!(matches!(error, OpenError::File { .. } | OpenError::Folder { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_keeps_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for content in ["x", &"not a database\n".repeat(1000), "SQLite format 3\0"] {
        fs::write(folder.path().join("unspool.db"), content).unwrap();
        let error = refused_untouched(folder.path());
        assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
    }
}

#[tokio::test]
async fn another_program_s_database_keeps_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = Connection::open(folder.path().join("unspool.db")).unwrap();
    foreign.execute_batch("PRAGMA user_version = 1; CREATE TABLE log (a); ").unwrap();
    drop(foreign);
    let error = refused_untouched(folder.path());
    assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
    assert!(error.to_string().contains("not an Unspool database"), "{error}");
}

#[tokio::test]
async fn damage_is_seen_and_not_repaired() {
    let (folder, store) = open();
    for n in 0..50 {
        complete(&store, &format!("g{n}"), &"t".repeat(1000), "s").await;
    }
    store.close().await;
    let file = folder.path().join("unspool.db");
    let whole = fs::read(&file).unwrap();

    let mut mangled = whole.clone();
    mangled[4096..].fill(0xa5);
    fs::write(&file, mangled).unwrap();
    let error = refused_untouched(folder.path());
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error}");

    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let error = refused_untouched(folder.path());
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error}");

    fs::write(&file, whole).unwrap();
    assert_eq!(replay(&SqliteStore::open(folder.path()).unwrap(), "g7", 0, 1).await, wire(1..=2));
}

#[tokio::test]
async fn a_newer_schema_is_left_alone() {
    let (folder, store) = open();
    store.close().await;
    let newer = Connection::open(folder.path().join("unspool.db")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let error = refused_untouched(folder.path());
    assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error}");
}

#[tokio::test]
async fn an_empty_file_is_a_new_database() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("unspool.db"), "").unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    complete(&store, "g", "t", "s").await;
}
