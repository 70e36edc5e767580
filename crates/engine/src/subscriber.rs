use std::{
    sync::Arc,
    task::{Context, Poll},
};

use crate::log::{Log, ReadOutcome};

/// One who waits for what follows in the log of a generation that runs.
pub(crate) struct Subscriber {
    log: Arc<Log>,
    key: usize,
}

impl Subscriber {
    /// Subscribes until this is dropped.
    pub(crate) fn new(log: Arc<Log>) -> Self {
        let key = log.subscribe();
        Self { log, key }
    }

    /// What is subscribed to.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Waits for what follows the event `cursor`.
    pub(crate) fn poll_after(&self, cursor: u64, context: &mut Context<'_>) -> Poll<ReadOutcome> {
        self.log.poll_after(cursor, self.key, context)
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.log.unsubscribe(self.key);
    }
}
