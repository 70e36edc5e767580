use std::sync::Arc;

use async_trait::async_trait;
use protocol::Snapshot;
use rusqlite::Connection;

use super::running_log::RunningLog;
use super::store::{Shared, within_deadline};
use super::write;
use crate::saved::Saved;
use crate::{Appended, Batch, Error, LogWriter};

/// Writes one log: into the journal and, at the end, into the database.
pub(crate) struct SqliteLogWriter {
    pub(crate) shared: Arc<Shared>,
    pub(crate) log: Arc<RunningLog>,
    pub(crate) epoch: u64,
}

#[async_trait]
impl LogWriter for SqliteLogWriter {
    fn append(&self, batch: Batch, appended: Arc<dyn Appended>) -> Result<(), Error> {
        self.shared.appender.append(&self.log, self.epoch, batch, appended)
    }

    /// With the batch, what the journal has of the log moves into the database.
    async fn end(&self, last: Batch, snapshot: &Snapshot) -> Result<(), Error> {
        let Shared { writer, running, .. } = &*self.shared;
        let saved = Saved::new(snapshot)?;
        self.log.begin_to_end(self.epoch)?;
        let journalled = self.log.unstored(u64::MAX);
        let (log, epoch) = (Arc::clone(&self.log), self.epoch);
        let end = move |connection: &Connection| {
            // Whoever takes the log over does it in a job as well: before this one or after it.
            log.check(epoch)?;
            write::catch_up(connection, log.id(), &journalled)?;
            write::end(connection, log.id(), &last, &saved)
        };
        within_deadline(writer.write(end)).await?;
        running.forget(self.log.id());
        Ok(())
    }
}
