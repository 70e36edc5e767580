use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;

use crate::folder::Folder;
use crate::journal::Journal;
use crate::recent::Recent;
use crate::settling::{Settled, Settling};
use crate::writer::Writer;
use crate::{Batch, Error};

/// How many batches may wait; whoever comes then waits to be let in.
const WAITING: usize = 1024;

/// How many batches share a write at most.
const GROUP: usize = 1024;

/// At this length the journal begins a new segment, and the older ones move into the database.
const SEGMENT_BYTES: u64 = 8 << 20;

/// At this length nothing more is taken until they have: memory holds what the journal does.
const TOO_LONG_BYTES: u64 = 16 << 20;

/// How long they may take then before what waits is refused.
const PATIENCE: Duration = Duration::from_secs(5);

enum Message {
    Append(Append),
    Close(oneshot::Sender<()>),
    #[cfg(test)]
    ReplaceFile(Arc<std::fs::File>, oneshot::Sender<Arc<std::fs::File>>),
}

/// A batch, and who waits for it.
struct Append {
    id: String,
    batch: Batch,
    waiter: oneshot::Sender<Result<(), Error>>,
}

impl Append {
    fn answer(self, committed: Result<(), Error>) {
        // Whoever waited may have gone meanwhile.
        let _ = self.waiter.send(committed);
    }
}

/// Handle of the one task that writes the journal.
#[derive(Clone)]
pub(crate) struct Appender {
    messages: mpsc::Sender<Message>,
}

impl Appender {
    /// Starts the task, which holds the claim on the folder until it ends: when it is closed or
    /// the last handle is gone.
    pub(crate) fn spawn(
        journal: Journal,
        recent: Arc<Recent>,
        writer: Writer,
        folder: Arc<Folder>,
    ) -> Self {
        let (messages, inbox) = mpsc::channel(WAITING);
        let settled = Arc::new(Settled::up_to(journal.number() - 1));
        let task = Task { journal, folder, recent, writer, inbox, settled, closers: Vec::new() };
        tokio::spawn(task.serve());
        Self { messages }
    }

    /// Appends to the journal and waits until it is written.
    pub(crate) async fn append(&self, id: &str, batch: Batch) -> Result<(), Error> {
        let (waiter, answer) = oneshot::channel();
        let append = Append { id: id.to_owned(), batch, waiter };
        self.messages.send(Message::Append(append)).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    /// Lets nobody else in, and waits until what was handed in is written.
    pub(crate) async fn close(&self) {
        let (closer, closed) = oneshot::channel();
        if self.messages.send(Message::Close(closer)).await.is_ok() {
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
        self.messages.send(Message::ReplaceFile(file, waiter)).await.ok()?;
        answer.await.ok()
    }
}

struct Task {
    journal: Journal,
    folder: Arc<Folder>,
    recent: Arc<Recent>,
    writer: Writer,
    inbox: mpsc::Receiver<Message>,
    settled: Arc<Settled>,
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
            // All together or, when anything goes wrong, each alone: nobody pays for a neighbour.
            for append in self.commit(group).await {
                self.commit(vec![append]).await;
            }
            self.make_room().await;
        }
    }

    /// `first` and what else waits.
    fn gather(&mut self, first: Message) -> Vec<Append> {
        let mut group = Vec::new();
        let mut message = Some(first);
        while let Some(next) = message {
            match next {
                Message::Append(append) => group.push(append),
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

    /// Writes a group at once; gives back those that could not be written and are not alone.
    async fn commit(&mut self, group: Vec<Append>) -> Vec<Append> {
        let group = self.admit(group);
        if group.is_empty() {
            return group;
        }
        for append in &group {
            self.journal.add(&append.id, &append.batch);
        }
        let Err(error) = self.journal.write().await else {
            self.publish(group);
            return Vec::new();
        };
        for append in group.iter().rev() {
            self.recent.retract(&append.id, &append.batch);
        }
        if group.len() > 1 {
            return group;
        }
        group.into_iter().for_each(|append| append.answer(Err(explain(&error))));
        Vec::new()
    }

    fn publish(&self, group: Vec<Append>) {
        self.writer.count_commit();
        for Append { id, batch, waiter } in group {
            self.recent.add(&id, self.journal.number(), batch);
            // Whoever waited may have gone meanwhile.
            let _ = waiter.send(Ok(()));
        }
    }

    /// Those whose batches follow their logs. The others hear that theirs do not.
    fn admit(&self, group: Vec<Append>) -> Vec<Append> {
        let is_too_long = self.journal.len() > TOO_LONG_BYTES;
        let mut admitted = Vec::with_capacity(group.len());
        for append in group.into_iter().filter(|append| !append.waiter.is_closed()) {
            if is_too_long {
                append.answer(Err(Error::Busy));
            } else if self.recent.admit(&append.id, &append.batch) {
                admitted.push(append);
            } else {
                append.answer(Err(Error::OutOfOrder));
            }
        }
        admitted
    }

    /// Keeps the journal short; while it is far too long, nobody is served.
    async fn make_room(&mut self) {
        self.turn_over();
        if self.journal.len() > TOO_LONG_BYTES {
            self.settled.wait(PATIENCE).await;
            self.turn_over();
        }
    }

    /// When this segment is long, begins a new one and sees to it that the older ones move.
    fn turn_over(&mut self) {
        if self.journal.len() < SEGMENT_BYTES || self.settled.is_under_way() {
            return;
        }
        // While there are older ones that could not be moved, it does not help to make more.
        if self.settled.has(self.journal.number() - 1)
            && let Err(error) = self.journal.rotate()
        {
            return tracing::warn!(%error, "the journal could not begin a new segment");
        }
        let up_to = self.journal.number() - 1;
        let settling = Settling::new(&self.recent, &self.folder, up_to, &self.settled);
        self.writer.try_post(Box::new(settling));
    }
}

fn explain(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full,
        kind => Error::Journal(kind.into()),
    }
}
