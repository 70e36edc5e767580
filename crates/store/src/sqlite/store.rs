use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use protocol::{Listing, Snapshot};
use rusqlite::Connection;
use tokio::time::timeout;

use super::appender::Appender;
use super::commits::Commits;
use super::error::{OpenError, SqlError};
use super::folder::Folder;
use super::journal::Journal;
use super::log_writer::SqliteLogWriter;
use super::prune::{self, Plan};
use super::readers::Readers;
use super::running::Running;
use super::writer::Writer;
use super::{opening, read, search, write};
use crate::saved::Saved;
use crate::{
    Batch, Created, Earlier, Error, Head, Idempotency, LogWriter, Pruned, Record, Resumed,
    Retention, Store, Unfinished,
};

/// How long a call waits before it gives up with [`Error::Busy`].
const DEADLINE: Duration = Duration::from_secs(10);

/// How long what searches lack waits after it could not be entered.
const BACKLOG_PAUSE: Duration = Duration::from_secs(60);

/// An open database; clones share it.
///
/// A thread writes the database and a task the journal: what waits while they commit shares the
/// next transaction or write. Reads run beside them and see what was committed when they began.
/// What is waited for needs a Tokio runtime with time.
///
/// Dropping all clones and all log writers closes it some time later, but leaves the journal as it is to
/// the next start.
#[derive(Clone)]
pub struct SqliteStore {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) writer: Writer,
    pub(crate) appender: Appender,
    pub(crate) running: Arc<Running>,
    readers: Readers,
    commits: Commits,
}

impl SqliteStore {
    /// Opens the database in `folder`, which is made when it is missing, and moves what a killed
    /// process left in the journal into it. What is damaged, or belongs to another copy of the
    /// database, is kept aside beside it, and the log says so. Blocks for some milliseconds. The
    /// store lives in the Tokio runtime that this is called in.
    ///
    /// # Errors
    /// [`OpenError`], one sentence for whoever starts the server. Nothing has been changed then,
    /// except that the folder and empty files may have been made, and that files are kept aside.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let folder = Arc::new(Folder::lock(folder)?);
        folder.inspect()?;
        folder.segments().look_for_strays()?;
        folder.make_private()?;
        let (connection, mark) = opening::open(&folder)?;
        let readers = Readers::open(folder.database())?;
        let journal = Journal::begin(folder.segments())
            .map_err(|source| OpenError::File { path: folder.segments().path(1), source })?;
        let running = Arc::new(Running::default());
        let commits = Commits::default();
        let writer = Writer::spawn(connection, mark, Arc::clone(&folder), commits.clone())?;
        let appender =
            Appender::spawn(journal, Arc::clone(&running), writer.clone(), folder, commits.clone());
        let shared = Arc::new(Shared { writer, appender, running, readers, commits });
        tokio::spawn(work_off_searches(Arc::downgrade(&shared)));
        Ok(Self { shared })
    }

    /// Commits so far, of transactions and to the journal. Fewer than calls: those that wait
    /// together share one.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.shared.commits.so_far()
    }

    pub(crate) fn log_writer(&self, id: &str, cursor: u64) -> Box<dyn LogWriter> {
        let log = self.shared.running.enter(id, cursor);
        Box::new(SqliteLogWriter { shared: Arc::clone(&self.shared), log, epoch: 0 })
    }

    /// Runs `work` on a connection that only reads.
    pub(crate) async fn with_reader<W, T>(&self, work: W) -> Result<T, Error>
    where
        W: FnOnce(&Connection) -> Result<T, SqlError> + Send + 'static,
        T: Send + 'static,
    {
        within_deadline(self.shared.readers.read(work)).await
    }

    /// Commits `work`.
    pub(crate) async fn with_writer<W, T>(&self, work: W) -> Result<T, Error>
    where
        W: FnMut(&Connection) -> Result<T, SqlError> + Send + 'static,
        T: Send + 'static,
    {
        within_deadline(self.shared.writer.write(work)).await
    }

    /// Removes generations with what they belong to, as `delete` does. The journal says so first,
    /// as for others.
    pub(crate) async fn remove_with<D>(&self, ids: Vec<String>, delete: D) -> Result<bool, Error>
    where
        D: Fn(&Connection, &[String]) -> Result<bool, SqlError> + Send + 'static,
    {
        let Shared { writer, appender, running, .. } = &*self.shared;
        let gone = ids.clone();
        let removing = async {
            appender.announce_deletion(gone.clone()).await?;
            writer.write(move |connection: &Connection| delete(connection, &ids)).await
        };
        let removed = within_deadline(removing).await?;
        gone.iter().for_each(|id| running.forget(id));
        Ok(removed)
    }

    /// Removes generations, and counts those that were there. The journal says so first: whoever
    /// finds what they added to it, and not them, knows why.
    async fn remove(&self, ids: Vec<String>) -> Result<u64, Error> {
        let Shared { writer, appender, running, .. } = &*self.shared;
        let gone = ids.clone();
        let delete = move |connection: &Connection| write::delete(connection, &ids);
        let removing = async {
            appender.announce_deletion(gone.clone()).await?;
            writer.write(delete).await
        };
        let removed = within_deadline(removing).await?;
        gone.iter().for_each(|id| running.forget(id));
        Ok(removed)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn create(&self, record: Record) -> Result<Created, Error> {
        if record.first.first != 1 {
            return Err(Error::OutOfOrder);
        }
        let saved = Saved::new(&record.snapshot)?;
        let (id, cursor) = (record.snapshot.id.clone(), record.first.last);
        let create = move |connection: &Connection| write::create(connection, &record, &saved);
        Ok(match self.shared.writer.write(create).await? {
            None => Created::New(self.log_writer(&id, cursor)),
            Some(earlier) => Created::Not(earlier),
        })
    }

    async fn unfinished(&self, node: &str) -> Result<Vec<Unfinished>, Error> {
        let node = node.to_owned();
        self.with_reader(move |connection| read::unfinished(connection, &node)).await
    }

    async fn resume(&self, node: &str, id: &str) -> Result<Resumed, Error> {
        let (node, id) = (node.to_owned(), id.to_owned());
        let running = Arc::clone(&self.shared.running);
        // The log is taken over within the transaction: an end that waits comes after it, and
        // finds out, or before it.
        let resume = move |connection: &Connection| {
            let stored = write::resume(connection, &node, &id)?;
            let log = running.enter(&id, stored);
            let (epoch, cursor) = log.take_over();
            Ok((log, epoch, cursor))
        };
        let (log, epoch, cursor) = within_deadline(self.shared.writer.write(resume)).await?;
        let shared = Arc::clone(&self.shared);
        Ok(Resumed { writer: Box::new(SqliteLogWriter { shared, log, epoch }), cursor })
    }

    async fn read(&self, id: &str, after: u64, max_bytes: usize) -> Result<Vec<Batch>, Error> {
        // In this order: what moves meanwhile is seen twice rather than not at all.
        let log = self.shared.running.find(id);
        let recent = log.map(|log| log.page(after, max_bytes)).unwrap_or_default();
        let id = id.to_owned();
        let stored = self.with_reader(move |it| read::frames(it, &id, after, max_bytes)).await?;
        Ok(read::with_recent(stored, recent, max_bytes))
    }

    async fn head(&self, owner: &str, id: &str) -> Result<Option<Head>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.with_reader(move |connection| read::head(connection, &owner, &id)).await
    }

    async fn snapshot(&self, owner: &str, id: &str) -> Result<Option<Snapshot>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.with_reader(move |connection| read::snapshot(connection, &owner, &id)).await
    }

    async fn input(&self, owner: &str, id: &str) -> Result<Option<String>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.with_reader(move |connection| read::input(connection, &owner, &id)).await
    }

    async fn find(&self, owner: &str, idempotency: &Idempotency) -> Result<Option<Earlier>, Error> {
        let (owner, idempotency) = (owner.to_owned(), idempotency.clone());
        self.with_reader(move |connection| write::repeated(connection, &owner, &idempotency)).await
    }

    async fn list(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error> {
        let (owner, query) = (owner.to_owned(), query.to_owned());
        let before = before.map(str::to_owned);
        let list = move |connection: &Connection| {
            read::list(connection, &owner, &query, before.as_deref(), limit)
        };
        self.with_reader(list).await
    }

    async fn delete(&self, owner: &str, id: &str) -> Result<bool, Error> {
        if self.head(owner, id).await?.is_none() {
            return Ok(false);
        }
        Ok(self.remove(vec![id.to_owned()]).await? > 0)
    }

    /// The file does not shrink; what is written next takes the room.
    async fn prune(&self, keep: Retention, now_ms: u64) -> Result<Pruned, Error> {
        let plan = move |connection: &Connection| prune::plan(connection, keep, now_ms);
        let Plan { ids, clock_is_doubted } =
            within_deadline(self.shared.writer.write(plan)).await?;
        let removed = if ids.is_empty() { 0 } else { self.remove(ids).await? };
        Ok(Pruned { removed, clock_is_doubted })
    }

    /// Frees the folder as well.
    async fn close(&self) {
        let closing = async {
            let Shared { writer, appender, readers, .. } = &*self.shared;
            readers.close().await;
            appender.close().await;
            writer.close().await;
        };
        if timeout(DEADLINE, closing).await.is_err() {
            tracing::warn!("the database did not close in time");
        }
    }
}

/// Enters in the indexes what was stored before there were any, a little at a time, for as long as
/// the store is open.
async fn work_off_searches(shared: Weak<Shared>) {
    while let Some(open) = shared.upgrade() {
        match open.writer.write(search::work_off).await {
            Ok(true) => tokio::task::yield_now().await,
            Ok(false) | Err(Error::Closed) => return,
            Err(error) => {
                tracing::warn!(
                    error = error.with_causes(),
                    "searches do not find all of what is stored yet"
                );
                drop(open);
                tokio::time::sleep(BACKLOG_PAUSE).await;
            }
        }
    }
}

pub(crate) async fn within_deadline<T>(
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    timeout(DEADLINE, work).await.unwrap_or(Err(Error::Busy))
}
