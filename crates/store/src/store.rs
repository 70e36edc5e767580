use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use protocol::{Listing, Snapshot};
use rusqlite::Connection;
use tokio::time::timeout;

use crate::appender::Appender;
use crate::commits::Commits;
use crate::folder::Folder;
use crate::journal::Journal;
use crate::prune::{self, Plan, Pruned};
use crate::readers::Readers;
use crate::running::Running;
use crate::saved::Saved;
use crate::writer::Writer;
use crate::{Batch, Created, Error, Head, Idempotency, Log, OpenError, Record, Retention};
use crate::{opening, read, write};

/// How long a call waits before it gives up with [`Error::Busy`].
const DEADLINE: Duration = Duration::from_secs(10);

/// Handle of an open database; clones share it.
///
/// A thread writes the database and a task the journal: what waits while they commit shares the
/// next transaction or write. Reads run beside them and see what was committed when they began.
/// What is waited for needs a Tokio runtime with time, and gives up with [`Error::Busy`] after
/// 10 s, unless it says otherwise.
#[derive(Clone)]
pub struct Store {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) writer: Writer,
    pub(crate) appender: Appender,
    pub(crate) readers: Readers,
    pub(crate) running: Arc<Running>,
    commits: Commits,
}

impl Store {
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
        Ok(Self { shared: Arc::new(Shared { writer, appender, readers, running, commits }) })
    }

    /// Stores a generation at birth, with the beginning of its log. Waits for as long as it takes:
    /// nobody else could tell afterwards whether it was done.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the batch does not begin with event 1.
    pub async fn create(&self, record: Record) -> Result<Created, Error> {
        let saved = Saved::new(&record.snapshot)?;
        let log = Arc::clone(&record.log);
        let first = log.after(0).filter(|batch| batch.first == 1).ok_or(Error::OutOfOrder)?;
        let create =
            move |connection: &Connection| write::create(connection, &record, &first, &saved);
        let created = self.shared.writer.write(create).await?;
        if created == Created::New {
            self.shared.running.begin(log);
        }
        Ok(created)
    }

    /// Hands in what follows in the log of a generation that was created here. It is not waited
    /// for: [`Log::poll_written`] tells what became of it. One batch at a time may be under way.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when `batch` does not follow the last event, the log has ended or
    /// another batch is still under way. The batch has not been taken then.
    pub fn append(&self, log: &Arc<Log>, batch: Batch) -> Result<(), Error> {
        self.shared.appender.append(log, batch)
    }

    /// Ends a log with its last batch; the snapshot replaces that of birth. With the batch, what
    /// the journal has of the log moves into the database. After [`Error::Busy`], which leaves open
    /// whether it was done, the same may be asked for again.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when `last` does not follow the last event or the log has ended,
    /// [`Error::UnknownGeneration`]. Nothing has been written then.
    pub async fn end(&self, log: &Log, last: Batch, snapshot: &Snapshot) -> Result<(), Error> {
        self.end_with(log, last, snapshot, |_| Ok(())).await
    }

    /// Ends a log as [`end`](Self::end) does, and does `also` in the same transaction. What is
    /// asked for again does it again.
    pub(crate) async fn end_with(
        &self,
        log: &Log,
        last: Batch,
        snapshot: &Snapshot,
        also: impl Fn(&Connection) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        let Shared { writer, running, .. } = &*self.shared;
        let saved = Saved::new(snapshot)?;
        log.begin_to_end();
        let (id, journalled, ending) = (log.id().to_owned(), log.unstored(u64::MAX), last.clone());
        let end = move |connection: &Connection| {
            write::catch_up(connection, &id, &journalled)?;
            write::end(connection, &id, &ending, &saved)?;
            also(connection)
        };
        within_deadline(writer.write(end)).await?;
        log.conclude(last);
        running.forget(log.id());
        Ok(())
    }

    /// The log after event `after`: whole batches, but for the first, which is cut to begin
    /// right there. They take `max_bytes` at most, unless the first alone takes more. Empty
    /// when nothing follows.
    ///
    /// # Errors
    /// [`Error::UnknownGeneration`].
    pub async fn frames(
        &self,
        id: &str,
        after: u64,
        max_bytes: usize,
    ) -> Result<Vec<Batch>, Error> {
        // In this order: what moves meanwhile is seen twice rather than not at all.
        let log = self.shared.running.find(id);
        let recent = log.map(|log| log.page(after, max_bytes)).unwrap_or_default();
        let id = id.to_owned();
        let read = move |connection: &Connection| read::frames(connection, &id, after, max_bytes);
        let stored = within_deadline(self.shared.readers.read(read)).await?;
        Ok(read::with_recent(stored, recent, max_bytes))
    }

    /// How far the log of a generation reaches that nobody writes any more.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    pub async fn head(&self, owner: &str, id: &str) -> Result<Option<Head>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        within_deadline(
            self.shared.readers.read(move |connection| read::head(connection, &owner, &id)),
        )
        .await
    }

    /// The snapshot as last saved: at birth or at the end.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    pub async fn snapshot(&self, owner: &str, id: &str) -> Result<Option<Snapshot>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        within_deadline(
            self.shared.readers.read(move |connection| read::snapshot(connection, &owner, &id)),
        )
        .await
    }

    /// What a request with this key has started before: [`Created::Existing`] or
    /// [`Created::KeyReused`].
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    pub async fn find(
        &self,
        owner: &str,
        idempotency: &Idempotency,
    ) -> Result<Option<Created>, Error> {
        let (owner, idempotency) = (owner.to_owned(), idempotency.clone());
        within_deadline(
            self.shared
                .readers
                .read(move |connection| write::repeated(connection, &owner, &idempotency)),
        )
        .await
    }

    /// The text that was read.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    pub async fn input(&self, owner: &str, id: &str) -> Result<Option<String>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        within_deadline(
            self.shared.readers.read(move |connection| read::input(connection, &owner, &id)),
        )
        .await
    }

    /// A page of an owner's history, newest first, from where `before` says, which is what another
    /// page gave as its `next`. `query` is
    /// looked for in title, summary and preview, in any case; an empty one finds all. Titles
    /// are cut to 200 characters.
    ///
    /// # Errors
    /// [`Error::UnknownPlace`] when no page gives `before`.
    pub async fn list(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error> {
        let (owner, query) = (owner.to_owned(), query.to_owned());
        let before = before.map(str::to_owned);
        let work = self.shared.readers.read(move |connection| {
            read::list(connection, &owner, &query, before.as_deref(), limit)
        });
        within_deadline(work).await
    }

    /// Removes a generation with its log and its input, running or not. `false` when there was
    /// none. After an error it may be gone or not.
    ///
    /// # Errors
    /// [`Error::Busy`] and such.
    pub async fn delete(&self, owner: &str, id: &str) -> Result<bool, Error> {
        if self.head(owner, id).await?.is_none() {
            return Ok(false);
        }
        Ok(self.remove(vec![id.to_owned()]).await? > 0)
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

    /// The generations whose log has not ended, oldest first, as they were at birth.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    pub async fn unfinished(&self) -> Result<Vec<Snapshot>, Error> {
        within_deadline(self.shared.readers.read(read::unfinished)).await
    }

    /// Removes some of what `keep` has no place for, oldest first and never a running one: a few,
    /// so that others get in between; none when nothing is left to be removed. The file does not
    /// shrink; what is written next takes the room.
    ///
    /// Ages are counted from `now_ms`, in milliseconds since 1970, unless it is far ahead of what
    /// earlier calls said: a clock that was set wrong must not empty the history.
    ///
    /// # Errors
    /// [`Error::Busy`] and such.
    pub async fn prune(&self, keep: Retention, now_ms: u64) -> Result<Pruned, Error> {
        let plan = move |connection: &Connection| prune::plan(connection, keep, now_ms);
        let Plan { ids, clock_is_doubted } =
            within_deadline(self.shared.writer.write(plan)).await?;
        let removed = if ids.is_empty() { 0 } else { self.remove(ids).await? };
        Ok(Pruned { removed, clock_is_doubted })
    }

    /// Commits so far, of transactions and to the journal. Fewer than calls: those that wait
    /// together share one.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.shared.commits.so_far()
    }

    /// Writes what was handed in, closes the file and frees the folder, all within 10 s. Other
    /// clones answer [`Error::Closed`] from then on.
    ///
    /// Dropping the last clone does the same some time later, but leaves the journal as it is to
    /// the next start.
    pub async fn close(self) {
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

pub(crate) async fn within_deadline<T>(
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    timeout(DEADLINE, work).await.unwrap_or(Err(Error::Busy))
}
