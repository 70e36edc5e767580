use std::fs::File;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::aside::Reason;
use super::error::SqlError;
use super::folder::Folder;
use super::job::Job;
use super::running::Running;
use super::write;
use super::write::Follows;
use crate::Error;

/// Which of the journal's segments have moved into the database.
pub(crate) struct DrainProgress {
    progress: watch::Sender<Progress>,
}

struct Progress {
    up_to: u64,
    is_under_way: bool,
    failed: Option<Instant>,
}

/// How long it takes until what failed is tried again.
const PAUSE: Duration = Duration::from_secs(1);

impl DrainProgress {
    /// All up to that one.
    pub(crate) fn up_to(segment: u64) -> Self {
        let progress = Progress { up_to: segment, is_under_way: false, failed: None };
        Self { progress: watch::Sender::new(progress) }
    }

    /// Whether that one has.
    pub(crate) fn has(&self, segment: u64) -> bool {
        self.progress.borrow().up_to >= segment
    }

    /// Whether others may be moved now: none are on their way, and that did not fail just now.
    pub(crate) fn is_free(&self) -> bool {
        let progress = self.progress.borrow();
        let is_resting = progress.failed.is_some_and(|failed| failed.elapsed() < PAUSE);
        !progress.is_under_way && !is_resting
    }

    /// Waits until none are on their way, but no longer than `patience`.
    pub(crate) async fn wait(&self, patience: Duration) {
        let mut progress = self.progress.subscribe();
        // Whoever waited too long finds them still under way.
        let _ = timeout(patience, progress.wait_for(|progress| !progress.is_under_way)).await;
    }
}

/// Moves what the older segments hold into the database, and then removes them.
pub(crate) struct JournalDrain {
    running: Arc<Running>,
    folder: Arc<Folder>,
    up_to: u64,
    drained: Arc<DrainProgress>,
    /// Someone else has changed the database: it has no place for some of it.
    is_refused: bool,
}

impl JournalDrain {
    /// To be handed to the writer.
    pub(crate) fn new(
        running: &Arc<Running>,
        folder: &Arc<Folder>,
        up_to: u64,
        drained: &Arc<DrainProgress>,
    ) -> Self {
        drained.progress.send_modify(|progress| progress.is_under_way = true);
        let (running, drained) = (Arc::clone(running), Arc::clone(drained));
        Self { running, folder: Arc::clone(folder), up_to, drained, is_refused: false }
    }

    /// The database holds it: on the disk, too, before the journal's copy goes.
    fn clean_up(&self) -> io::Result<()> {
        sync(&self.folder)?;
        let logs = self.running.all();
        logs.iter().for_each(|log| log.mark_stored(self.up_to));
        self.drained.progress.send_modify(|progress| progress.up_to = self.up_to);
        if self.is_refused {
            self.keep_aside()?;
        }
        self.folder.segments().remove(self.up_to)
    }

    fn keep_aside(&self) -> io::Result<()> {
        let segments = self.folder.segments();
        for number in segments.numbers()?.into_iter().filter(|number| *number <= self.up_to) {
            let kept = segments.keep_aside(number, Reason::Unknown)?;
            tracing::error!(
                file = %segments.path(number).display(), kept = %kept.display(),
                "the database has no place for what the journal holds; it is kept aside"
            );
        }
        Ok(())
    }
}

impl Job for JournalDrain {
    fn run(&mut self, connection: &Connection) -> Result<(), SqlError> {
        self.is_refused = false;
        for log in self.running.all() {
            let batches = log.unstored(self.up_to);
            if !batches.is_empty() {
                // It does not know those that were deleted just now.
                let follows = write::catch_up(connection, log.id(), &batches)?;
                self.is_refused |= follows == Follows::Partly;
            }
        }
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        let failed = match committed.map(|()| self.clean_up()) {
            Ok(Ok(())) => None,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the journal could not be cleaned up");
                Some(Instant::now())
            }
            Err(error) => {
                tracing::error!(
                    error = error.with_causes(),
                    "the journal could not move into the database"
                );
                Some(Instant::now())
            }
        };
        self.drained.progress.send_modify(|progress| progress.failed = failed);
    }

    fn is_abandoned(&self) -> bool {
        false
    }
}

impl Drop for JournalDrain {
    fn drop(&mut self) {
        self.drained.progress.send_modify(|progress| progress.is_under_way = false);
    }
}

/// Waits until what was committed to the database has reached the disk.
pub(crate) fn sync(folder: &Folder) -> io::Result<()> {
    match File::open(folder.write_ahead_log()) {
        Ok(log) => log.sync_data(),
        // There is none after it was moved into the database, which waits for the disk.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_failed_rests_a_moment() {
        let directory = tempfile::tempdir().unwrap();
        let folder = Arc::new(Folder::lock(directory.path()).unwrap());
        let (running, drained) = (Arc::default(), Arc::new(DrainProgress::up_to(0)));
        let drain = || Box::new(JournalDrain::new(&running, &folder, 0, &drained));
        assert!(drained.is_free());
        let under_way = drain();
        assert!(!drained.is_free());
        under_way.answer(Err(Error::Full));
        assert!(!drained.is_free(), "it has just failed");
        advance(PAUSE).await;
        assert!(drained.is_free());
        drain().answer(Ok(()));
        assert!(drained.is_free());
    }
}
