use std::io;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::yield_now;

use super::addition::{Addition, Append, Deletion};
use super::commits::Commits;
use super::folder::Folder;
use super::journal::Journal;
use super::journal_drain::{DrainProgress, JournalDrain};
use super::running::Running;
use super::running_log::RunningLog;
use super::writer::Writer;
use crate::{Appended, Batch, Error};

/// How many batches share a write at most.
const GROUP: usize = 1024;

/// How many deletions may wait; whoever comes then waits to be let in.
const DELETIONS: usize = 64;

/// At this length the journal begins a new segment, and the older ones move into the database.
const SEGMENT_BYTES: u64 = 8 << 20;

/// At this length nothing more is taken until they have: memory holds what the journal does.
const TOO_LONG_BYTES: u64 = 16 << 20;

/// How long they may take then before what waits is refused.
const PATIENCE: Duration = Duration::from_secs(5);

enum Message {
    Append(Append),
    Delete(Deletion),
    Close(oneshot::Sender<()>),
    #[cfg(test)]
    ReplaceFile(Arc<std::fs::File>, oneshot::Sender<Arc<std::fs::File>>),
}

/// Handle of the one task that writes the journal.
#[derive(Clone)]
pub(crate) struct Appender {
    /// Each writer of a running log is in it once at most, as it takes one batch at a time.
    messages: mpsc::UnboundedSender<Message>,
    /// One for each deletion in it.
    deletions: Arc<Semaphore>,
}

impl Appender {
    /// Starts the task, which holds the lock on the folder until it ends: when it is closed or
    /// the last handle is gone.
    pub(crate) fn spawn(
        journal: Journal,
        running: Arc<Running>,
        writer: Writer,
        folder: Arc<Folder>,
        commits: Commits,
    ) -> Self {
        let (messages, inbox) = mpsc::unbounded_channel();
        let drained = Arc::new(DrainProgress::up_to(journal.number() - 1));
        let closers = Vec::new();
        let task = Task { journal, folder, running, writer, commits, inbox, drained, closers };
        tokio::spawn(task.serve());
        Self { messages, deletions: Arc::new(Semaphore::new(DELETIONS)) }
    }

    /// Hands in what the writer of that `epoch` wants to follow in a log.
    pub(crate) fn append(
        &self,
        log: &Arc<RunningLog>,
        epoch: u64,
        batch: Batch,
        appended: Arc<dyn Appended>,
    ) -> Result<(), Error> {
        log.begin_append(epoch, &batch)?;
        let append = Append { log: Arc::clone(log), epoch, batch, appended };
        self.messages.send(Message::Append(append)).map_err(|_| {
            log.fail(epoch);
            Error::Closed
        })
    }

    /// Writes that these generations are to be deleted, before they are.
    pub(crate) async fn announce_deletion(&self, ids: Vec<String>) -> Result<(), Error> {
        let permit = Arc::clone(&self.deletions).acquire_owned().await;
        let (waiter, answer) = oneshot::channel();
        let deletion = Deletion::new(ids, waiter, permit.map_err(|_| Error::Closed)?);
        self.messages.send(Message::Delete(deletion)).map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    /// Lets nobody else in, and waits until what was handed in is written, and the writer told to
    /// take over what the journal holds.
    pub(crate) async fn close(&self) {
        let (closer, closed) = oneshot::channel();
        if self.messages.send(Message::Close(closer)).is_ok() {
            // It is dropped with the task.
            let _ = closed.await;
        }
    }

    #[cfg(test)]
    pub(crate) async fn replace_file(
        &self,
        file: Arc<std::fs::File>,
    ) -> Option<Arc<std::fs::File>> {
        let (waiter, answer) = oneshot::channel();
        self.messages.send(Message::ReplaceFile(file, waiter)).ok()?;
        answer.await.ok()
    }
}

struct Task {
    journal: Journal,
    folder: Arc<Folder>,
    running: Arc<Running>,
    writer: Writer,
    commits: Commits,
    inbox: mpsc::UnboundedReceiver<Message>,
    drained: Arc<DrainProgress>,
    /// Dropped with the task: then they hear that it has ended.
    closers: Vec<oneshot::Sender<()>>,
}

impl Task {
    /// Takes all that waits, writes it at once, answers; until there is nobody to serve.
    async fn serve(mut self) {
        while let Some(first) = self.inbox.recv().await {
            // Whoever is just about to append shares the write.
            yield_now().await;
            let group = self.gather(first);
            if self.journal.len() > TOO_LONG_BYTES {
                group.into_iter().for_each(|addition| addition.fail(Error::Busy));
            } else {
                self.write(group).await;
            }
            self.make_room().await;
        }
        // Whoever drops the store instead leaves the journal to the next start.
        if !self.closers.is_empty() {
            self.drain(u64::MAX);
        }
    }

    /// `first` and what else waits.
    fn gather(&mut self, first: Message) -> Vec<Addition> {
        let mut group = Vec::with_capacity(self.inbox.len() + 1);
        let mut message = Some(first);
        while let Some(next) = message {
            match next {
                Message::Append(append) => group.push(Addition::Batch(append)),
                Message::Delete(deletion) => group.push(Addition::Deletion(deletion)),
                Message::Close(closer) => {
                    self.inbox.close();
                    self.closers.push(closer);
                }
                #[cfg(test)]
                Message::ReplaceFile(file, waiter) => {
                    let _ = waiter.send(self.journal.replace_file(file));
                }
            }
            message = if group.len() < GROUP { self.inbox.try_recv().ok() } else { None };
        }
        group
    }

    /// All together or, when anything goes wrong, each alone: nobody pays for a neighbour.
    async fn write(&mut self, group: Vec<Addition>) {
        if self.commit(&group).await.is_ok() {
            return group.into_iter().for_each(|addition| self.publish(addition));
        }
        for addition in group {
            match self.commit(slice::from_ref(&addition)).await {
                Ok(()) => self.publish(addition),
                Err(error) => addition.fail(explain(&error)),
            }
        }
    }

    async fn commit(&mut self, group: &[Addition]) -> io::Result<()> {
        if group.is_empty() {
            return Ok(());
        }
        group.iter().for_each(|addition| addition.add_to(&mut self.journal));
        self.journal.write().await?;
        self.commits.count();
        Ok(())
    }

    fn publish(&self, addition: Addition) {
        addition.publish(self.journal.number());
    }

    /// Keeps the journal short; while it is far too long, nobody is served.
    async fn make_room(&mut self) {
        self.turn_over();
        if self.journal.len() > TOO_LONG_BYTES {
            self.drained.wait(PATIENCE).await;
            self.turn_over();
        }
    }

    /// When this segment is long, begins a new one and sees to it that the older ones move.
    fn turn_over(&mut self) {
        if self.journal.len() < SEGMENT_BYTES || !self.drained.is_free() {
            return;
        }
        // While there are older ones that could not be moved, it does not help to make more.
        if self.drained.has(self.journal.number() - 1)
            && let Err(error) = self.journal.rotate()
        {
            return tracing::warn!(%error, "the journal could not begin a new segment");
        }
        self.drain(self.journal.number() - 1);
    }

    /// Has the segments up to that one move into the database.
    fn drain(&self, up_to: u64) {
        let drain = JournalDrain::new(&self.running, &self.folder, up_to, &self.drained);
        self.writer.try_post(Box::new(drain));
    }
}

fn explain(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full,
        kind => Error::Journal(kind.into()),
    }
}
