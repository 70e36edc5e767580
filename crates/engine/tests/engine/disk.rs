//! A disk that does not answer, or says no.

use std::{path::Path, sync::mpsc};

use rusqlite::Connection;
use tokio::{runtime, task};

/// Runs `test` where one thread at a time may wait for the disk.
pub(crate) fn with_one_thread(test: impl Future<Output = ()>) {
    let runtime = runtime::Builder::new_current_thread()
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test);
}

/// Keeps that thread busy until something is sent.
pub(crate) fn block() -> mpsc::Sender<()> {
    let (release, blocked) = mpsc::channel();
    task::spawn_blocking(move || blocked.recv());
    release
}

/// Nobody else writes to that database until this is dropped.
pub(crate) fn lock(database: &Path) -> Connection {
    let connection = Connection::open(database).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

/// That database knows of no generation any more.
pub(crate) fn forget(database: &Path) {
    let connection = Connection::open(database).unwrap();
    connection.execute_batch("DELETE FROM log; DELETE FROM generation").unwrap();
}

/// From now on no generation can be ended in that database.
pub(crate) fn refuse_ends(database: &Path) {
    let refused = "CREATE TRIGGER refused BEFORE UPDATE ON generation
                   BEGIN SELECT RAISE(ABORT, 'as the test says'); END";
    Connection::open(database).unwrap().execute_batch(refused).unwrap();
}

/// From now on they can.
pub(crate) fn take_ends(database: &Path) {
    Connection::open(database).unwrap().execute_batch("DROP TRIGGER refused").unwrap();
}
