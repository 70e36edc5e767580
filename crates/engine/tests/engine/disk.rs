//! A disk that does not answer.

use std::sync::mpsc;

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
