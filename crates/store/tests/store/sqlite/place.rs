//! A folder to keep a database in, and how it would be found.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use store::sqlite::{OpenError, SqliteStore};
use tempfile::TempDir;

use crate::conformance::Place;

/// A folder of its own.
pub(crate) struct Folder(TempDir);

impl Default for Folder {
    fn default() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl Place for Folder {
    type Store = SqliteStore;

    async fn open(&self) -> SqliteStore {
        SqliteStore::open(self.0.path()).unwrap()
    }

    fn killed(&self) -> Self {
        Self(killed(self.0.path()))
    }
}

pub(crate) fn open() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    (folder, store)
}

/// The folder as it would be found if the process were killed now. Another process copies it:
/// closing a database's file in this one would give up SQLite's locks.
pub(crate) fn killed(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let copied = Command::new("cp").arg("-a").arg(folder.join(".")).arg(copy.path()).status();
    assert!(copied.unwrap().success());
    copy
}

/// As after a kill, but for what serves the dropped store, which takes a moment to end.
pub(crate) async fn reopen(folder: &Path) -> SqliteStore {
    loop {
        match SqliteStore::open(folder) {
            Err(OpenError::InUse { .. }) => tokio::task::yield_now().await,
            opened => return opened.unwrap(),
        }
    }
}

/// Opens the store, and gives what was logged.
pub(crate) fn open_logged(folder: &Path) -> (Result<SqliteStore, OpenError>, String) {
    let said = Said::default();
    let writer = said.clone();
    let logger =
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let opened = tracing::subscriber::with_default(logger, || SqliteStore::open(folder));
    let said = said.0.lock().unwrap();
    (opened, String::from_utf8(said.clone()).unwrap())
}

#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The names of what is kept aside, in order.
pub(crate) fn aside(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    let mut aside: Vec<_> =
        names.filter(|name| name.contains("damaged-") || name.contains("unknown-")).collect();
    aside.sort();
    aside
}
