use std::slice;
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::checkpointer::Checkpointer;
use super::commits::Commits;
use super::error::{OpenError, SqlError};
use super::folder::Folder;
use super::job::{Job, Task};
use super::mark::Mark;
use super::state;
use crate::Error;

/// How many jobs may wait; whoever comes then waits to be let in.
const WAITING: usize = 1024;

/// How many jobs share a transaction at most.
const GROUP: usize = 512;

enum Message {
    Job(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// Handle of the one thread that writes.
#[derive(Clone)]
pub(crate) struct Writer {
    messages: mpsc::Sender<Message>,
}

impl Writer {
    /// Starts the thread, which owns the connection and the lock on the folder until it ends:
    /// when it is closed or the last handle is gone.
    pub(crate) fn spawn(
        connection: Connection,
        mark: Mark,
        folder: Arc<Folder>,
        commits: Commits,
    ) -> Result<Self, OpenError> {
        let (messages, inbox) = mpsc::channel(WAITING);
        let path = folder.database().to_owned();
        let checkpointer = Checkpointer::spawn(&folder)?;
        let thread = Thread { connection, mark, checkpointer, inbox, commits, closers: vec![] };
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                let closers = thread.serve();
                drop(folder);
                for closer in closers {
                    let _ = closer.send(());
                }
            })
            .map_err(|source| OpenError::File { path, source })?;
        Ok(Self { messages })
    }

    /// Hands `work` in and waits until it is committed. `work` may run more than once.
    pub(crate) async fn write<W, T>(&self, work: W) -> Result<T, Error>
    where
        W: FnMut(&Connection) -> Result<T, SqlError> + Send + 'static,
        T: Send + 'static,
    {
        let (task, answer) = Task::new(work);
        let message = Message::Job(Box::new(task));
        self.messages.send(message).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    /// Hands `job` in when there is room.
    pub(crate) fn try_post(&self, job: Box<dyn Job>) {
        // A job that is dropped says so itself, if it matters to anyone.
        let _ = self.messages.try_send(Message::Job(job));
    }

    /// Lets nobody else in, and waits until what was handed in is done and the file is closed.
    pub(crate) async fn close(&self) {
        let (closer, closed) = oneshot::channel();
        if self.messages.send(Message::Close(closer)).await.is_ok() {
            let _ = closed.await;
        }
    }
}

struct Thread {
    connection: Connection,
    mark: Mark,
    checkpointer: Checkpointer,
    inbox: mpsc::Receiver<Message>,
    commits: Commits,
    closers: Vec<oneshot::Sender<()>>,
}

impl Thread {
    /// Takes all that waits, makes it one transaction, answers; until there is nobody to serve.
    fn serve(mut self) -> Vec<oneshot::Sender<()>> {
        let mut messages = Vec::new();
        while self.inbox.blocking_recv_many(&mut messages, GROUP) > 0 {
            let mut jobs = Vec::with_capacity(messages.len());
            for message in messages.drain(..) {
                match message {
                    Message::Job(job) if job.is_abandoned() => {}
                    Message::Job(job) => jobs.push(job),
                    Message::Close(closer) => {
                        self.inbox.close();
                        self.closers.push(closer);
                    }
                }
            }
            self.run_together(jobs);
            self.checkpointer.follow(&self.connection);
        }
        self.checkpointer.stop();
        self.closers
    }

    /// All together or, when anything goes wrong, each alone: nobody pays for a neighbour.
    fn run_together(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        if jobs.len() > 1 && self.commit(&mut jobs).is_ok() {
            for job in jobs {
                job.answer(Ok(()));
            }
            return;
        }
        for mut job in jobs {
            // What stands still keeps neither the others nor a shutdown waiting for long.
            if job.is_abandoned() {
                continue;
            }
            let committed = self.commit(slice::from_mut(&mut job));
            job.answer(committed.map_err(Error::from));
        }
    }

    fn commit(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), SqlError> {
        let group = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for job in jobs {
            job.run(&group)?;
        }
        let transactions = state::count_transaction(&group)?;
        group.commit()?;
        self.mark.advance(transactions);
        self.commits.count();
        Ok(())
    }
}
