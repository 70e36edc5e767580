use std::sync::Arc;
use std::task::{Context, Poll};

use crate::{Batch, Log};

/// One who reads the log of a generation that runs.
pub struct Reader {
    log: Arc<Log>,
    seat: usize,
}

/// What follows an event of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Following {
    /// The rest of its batch, or the next one; and whether that is the newest.
    Batch(Batch, bool),
    /// Something that only the database still has: [`Store::frames`](crate::Store::frames).
    Stored,
    /// Nothing, ever.
    Nothing,
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
    pub fn poll_after(&self, cursor: u64, context: &mut Context<'_>) -> Poll<Following> {
        self.log.poll_after(cursor, self.seat, context)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.log.stand_up(self.seat);
    }
}
