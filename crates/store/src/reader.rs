use std::sync::Arc;
use std::task::{Context, Poll};

use crate::log::{Log, ReadOutcome};

/// One who reads the log of a generation that runs.
pub struct Reader {
    log: Arc<Log>,
    seat: usize,
}

impl Reader {
    /// Takes a seat, which is given up when this is dropped.
    #[must_use]
    pub fn new(log: Arc<Log>) -> Self {
        let seat = log.sit_down();
        Self { log, seat }
    }

    /// What is read.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Waits for what follows the event `cursor`.
    pub fn poll_after(&self, cursor: u64, context: &mut Context<'_>) -> Poll<ReadOutcome> {
        self.log.poll_after(cursor, self.seat, context)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.log.stand_up(self.seat);
    }
}
