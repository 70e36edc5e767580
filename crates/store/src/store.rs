use std::future::Future;
use std::path::Path;
use std::time::Duration;

use protocol::{Listing, Snapshot};
use tokio::time::timeout;

use crate::folder::Folder;
use crate::readers::Readers;
use crate::write::Saved;
use crate::writer::Writer;
use crate::{Batch, Created, Error, Idempotency, OpenError, Record, Retention};
use crate::{prune, read, schema, write};

/// How long a call waits before it gives up with [`Error::Busy`].
const DEADLINE: Duration = Duration::from_secs(10);

/// Handle of an open database; clones share it.
///
/// One thread writes: what waits while it commits shares the next transaction. Reads run beside
/// it and see what was committed when they began. All calls need a Tokio runtime with time, and
/// give up with [`Error::Busy`] after 10 s.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: Writer,
    readers: Readers,
}

impl Store {
    /// Opens the database in `folder`, which is made when it is missing. Blocks for some
    /// milliseconds.
    ///
    /// # Errors
    /// [`OpenError`], one sentence for whoever starts the server. Nothing has been changed then,
    /// except that the folder and an empty lock file may have been made.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let folder = Folder::claim(folder)?;
        folder.inspect()?;
        let connection = schema::open_writer(folder.database())?;
        let readers = Readers::open(folder.database())?;
        let writer = Writer::spawn(connection, folder)?;
        Ok(Self { writer, readers })
    }

    /// Stores a generation at birth, with the beginning of its log.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the batch does not begin with event 1.
    pub async fn create(&self, record: Record) -> Result<Created, Error> {
        let saved = Saved::new(&record.snapshot)?;
        let work = self.writer.write(move |connection| write::create(connection, &record, &saved));
        within_deadline(work).await
    }

    /// Appends to a log; with `ending`, also ends it: the snapshot replaces that of birth.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when `batch` does not follow the last event or the log has ended,
    /// [`Error::UnknownGeneration`]. Nothing has been written then.
    pub async fn append(
        &self,
        id: &str,
        batch: Batch,
        ending: Option<Snapshot>,
    ) -> Result<(), Error> {
        let id = id.to_owned();
        let ending = ending.as_ref().map(Saved::new).transpose()?;
        let work = self
            .writer
            .write(move |connection| write::append(connection, &id, &batch, ending.as_ref()));
        within_deadline(work).await
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
        let id = id.to_owned();
        let work =
            self.readers.read(move |connection| read::frames(connection, &id, after, max_bytes));
        within_deadline(work).await
    }

    /// The snapshot as last saved: at birth or at the end.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    pub async fn snapshot(&self, id: &str) -> Result<Option<Snapshot>, Error> {
        let id = id.to_owned();
        within_deadline(self.readers.read(move |connection| read::snapshot(connection, &id))).await
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
            self.readers.read(move |connection| write::repeated(connection, &owner, &idempotency)),
        )
        .await
    }

    /// The text that was read.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    pub async fn input(&self, id: &str) -> Result<Option<String>, Error> {
        let id = id.to_owned();
        within_deadline(self.readers.read(move |connection| read::input(connection, &id))).await
    }

    /// A page of an owner's history, newest first, from the one after `before` on. `query` is
    /// looked for in title, summary and preview, in any case; an empty one finds all. Titles
    /// are cut to 200 characters.
    ///
    /// # Errors
    /// [`Error::UnknownGeneration`] when `before` is not (or no longer) there.
    pub async fn list(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error> {
        let (owner, query) = (owner.to_owned(), query.to_owned());
        let before = before.map(str::to_owned);
        let work = self.readers.read(move |connection| {
            read::list(connection, &owner, &query, before.as_deref(), limit)
        });
        within_deadline(work).await
    }

    /// Removes a generation with its log and its input, running or not. `false` when there was
    /// none.
    ///
    /// # Errors
    /// [`Error::Busy`] and such.
    pub async fn delete(&self, id: &str) -> Result<bool, Error> {
        let id = id.to_owned();
        within_deadline(self.writer.write(move |connection| write::delete(connection, &id))).await
    }

    /// The generations whose log has not ended, oldest first, as they were at birth.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    pub async fn unfinished(&self) -> Result<Vec<Snapshot>, Error> {
        within_deadline(self.readers.read(read::unfinished)).await
    }

    /// Removes what `keep` has no place for, oldest first and never a running one, and counts
    /// it: a few at a time, so that appends get in between. The file does not shrink; what is written next takes the room.
    ///
    /// # Errors
    /// [`Error::Busy`] and such; some may have been removed then.
    pub async fn prune(&self, keep: Retention, now_ms: u64) -> Result<u64, Error> {
        let mut removed = 0;
        loop {
            let round =
                self.writer.write(move |connection| prune::prune_some(connection, keep, now_ms));
            match within_deadline(round).await? {
                0 => return Ok(removed),
                some => removed += some,
            }
        }
    }

    /// Transactions committed so far. Fewer than calls: those that wait together share one.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }

    /// Writes what was handed in, closes the file and frees the folder, all within 10 s. Other
    /// clones answer [`Error::Closed`] from then on.
    ///
    /// Dropping the last clone does the same, but some time later.
    pub async fn close(self) {
        let closing = async {
            self.readers.close().await;
            self.writer.close().await;
        };
        if timeout(DEADLINE, closing).await.is_err() {
            tracing::warn!("the database did not close in time");
        }
    }
}

async fn within_deadline<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(DEADLINE, work).await.unwrap_or(Err(Error::Busy))
}
