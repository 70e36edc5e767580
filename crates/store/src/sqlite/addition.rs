use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::journal::Journal;
use super::running_log::RunningLog;
use crate::{Appended, Batch, Error};

/// A batch that is to follow in a log, and who is told what becomes of it.
pub(crate) struct Append {
    pub(crate) log: Arc<RunningLog>,
    pub(crate) epoch: u64,
    pub(crate) batch: Batch,
    pub(crate) appended: Arc<dyn Appended>,
}

impl Append {
    /// It is in that segment.
    fn publish(self, segment: u64) {
        match self.log.commit(self.epoch, segment, self.batch.clone()) {
            Ok(()) => self.appended.committed(self.batch),
            Err(error) => self.appended.failed(error),
        }
    }

    fn fail(self, error: Error) {
        self.log.fail(self.epoch);
        self.appended.failed(error);
    }
}

/// Generations that are to be deleted, and whoever waits for that to be written.
pub(crate) struct Deletion {
    ids: Vec<String>,
    waiter: oneshot::Sender<Result<(), Error>>,
    _permit: OwnedSemaphorePermit,
}

impl Deletion {
    /// It holds its place among those that may wait until it is answered.
    pub(crate) fn new(
        ids: Vec<String>,
        waiter: oneshot::Sender<Result<(), Error>>,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self { ids, waiter, _permit: permit }
    }
}

/// What is on its way into the journal.
pub(crate) enum Addition {
    Batch(Append),
    /// That these generations are to be deleted.
    Deletion(Deletion),
}

impl Addition {
    pub(crate) fn add_to(&self, journal: &mut Journal) {
        match self {
            Self::Batch(append) => journal.add_batch(append.log.id(), &append.batch),
            Self::Deletion(deletion) => {
                deletion.ids.iter().for_each(|id| journal.add_deletion(id));
            }
        }
    }

    /// It is in that segment.
    pub(crate) fn publish(self, segment: u64) {
        match self {
            Self::Batch(append) => append.publish(segment),
            Self::Deletion(deletion) => _ = deletion.waiter.send(Ok(())),
        }
    }

    pub(crate) fn fail(self, error: Error) {
        match self {
            Self::Batch(append) => append.fail(error),
            Self::Deletion(deletion) => _ = deletion.waiter.send(Err(error)),
        }
    }
}
