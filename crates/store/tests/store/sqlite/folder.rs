//! Who may read what is in the folder, who may have it open, and what may be in the way.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use store::Store;
use store::sqlite::{OpenError, SqliteStore};

use super::place::{killed, open, open_logged};
use crate::sample::{batch, complete, create, replay, wire};

/// Tells the child which folder to write to.
const FOLDER: &str = "STORE_FOLDER";

/// Not a test of its own: writes, and leaves without closing.
#[tokio::test]
#[ignore = "the child of the test below"]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let store = SqliteStore::open(Path::new(&folder)).unwrap();
    complete(&store, "g", "t", "s").await;
    let log = create(&store, "h").await;
    log.append(batch(2, 9)).await.unwrap();
    std::process::exit(0);
}

/// Names of the files that others may read or write.
fn open_to_others(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let open = entries.filter(|entry| entry.metadata().unwrap().permissions().mode() & 0o077 != 0);
    open.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[test]
fn files_are_their_owners_alone_whatever_the_folder_and_the_umask() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    let written = Command::new("/bin/sh")
        .args(["-c", "umask 0 && exec \"$0\" --exact sqlite::folder::child --ignored"])
        .arg(std::env::current_exe().unwrap())
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    assert!(written.status.success(), "{written:?}");
    let files = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 6, "database, its log and index, lock, mark, journal");
    assert_eq!(open_to_others(folder.path()), [""; 0]);
}

#[tokio::test]
async fn files_that_were_open_to_others_are_no_more() {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    log.append(batch(2, 9)).await.unwrap();
    let folder = killed(folder.path());
    fs::write(folder.path().join("unspool.journal.1.damaged-1"), "kept").unwrap();
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        fs::set_permissions(entry.unwrap().path(), Permissions::from_mode(0o644)).unwrap();
    }
    let store = SqliteStore::open(folder.path()).unwrap();
    complete(&store, "h", "t", "s").await;
    assert_eq!(open_to_others(folder.path()), ["notes.txt"], "and this is none of ours");
    assert_eq!(replay(&store, "g", 0, 1000).await, wire(1..=9));
}

#[tokio::test]
async fn a_lock_file_that_is_removed_lets_nobody_else_in() {
    let (folder, store) = open();
    fs::remove_file(folder.path().join("unspool.lock")).unwrap();
    let second = SqliteStore::open(folder.path());
    assert!(matches!(second, Err(OpenError::InUse { .. })));
    complete(&store, "g", "t", "s").await;
    store.close().await;
    assert!(SqliteStore::open(folder.path()).is_ok());
}

#[tokio::test]
async fn what_is_in_the_journals_way_is_named() {
    let (folder, store) = open();
    store.close().await;
    for name in ["unspool.journal.1", "unspool.journal.7"] {
        let stray = folder.path().join(name);
        fs::create_dir(&stray).unwrap();
        let error = SqliteStore::open(folder.path()).err().unwrap();
        assert!(matches!(error, OpenError::NoSegment { .. }), "{error}");
        assert!(error.to_string().contains(name), "{error}");
        fs::remove_dir(&stray).unwrap();
    }
    std::os::unix::fs::symlink("nowhere", folder.path().join("unspool.journal.2")).unwrap();
    let error = SqliteStore::open(folder.path()).err().unwrap();
    assert!(error.to_string().contains("unspool.journal.2"), "{error}");
}

#[tokio::test]
async fn what_only_bears_the_journals_name_is_named_and_left() {
    let (folder, store) = open();
    store.close().await;
    let strays = ["x", "01", "+1", "99999999999999999999", "1.bak", "1.damaged", ""];
    for stray in strays {
        let path = folder.path().join(format!("unspool.journal.{stray}"));
        fs::write(&path, "mine").unwrap();
        let (store, said) = open_logged(folder.path());
        store.unwrap().close().await;
        assert!(said.trim_end().ends_with(path.to_str().unwrap()), "{stray}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        fs::remove_file(path).unwrap();
    }
    for kept in ["1.damaged-1", "12.unknown-3"] {
        fs::write(folder.path().join(format!("unspool.journal.{kept}")), "kept").unwrap();
    }
    assert_eq!(open_logged(folder.path()).1, "");
}

#[tokio::test]
async fn a_file_in_a_segments_place_is_named_and_kept() {
    let (folder, store) = open();
    store.close().await;
    let last = format!("unspool.journal.{}", u64::MAX);
    for name in ["unspool.journal.3", &last] {
        fs::write(folder.path().join(name), "mine").unwrap();
        let (store, said) = open_logged(folder.path());
        store.unwrap().close().await;
        assert!(said.contains(name) && said.contains("or is none"), "{said}");
        let kept = folder.path().join(format!("{name}.damaged-1"));
        assert_eq!(fs::read_to_string(kept).unwrap(), "mine");
    }
}
