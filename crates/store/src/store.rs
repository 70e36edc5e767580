use std::sync::Arc;

use async_trait::async_trait;
use protocol::{Listing, Snapshot};

use crate::{
    ArchiveStore, Batch, ConversationStore, Created, Earlier, Error, Head, Idempotency,
    PersonaStore, Pruned, Record, Retention, SessionStore, ShareStore, Unfinished,
};

/// Keeps generations: what is known of them, what they read, and their logs.
///
/// Everything but [`LogWriter::append`] is asked for once in a generation's life or less often, so
/// the futures may be boxed. Any of them may be dropped while it waits; what it was to write may be
/// written all the same. A store gives up with [`Error::Busy`] after some 10 s, but for
/// [`create`](Self::create).
#[async_trait]
pub trait Store:
    ConversationStore + PersonaStore + ArchiveStore + ShareStore + SessionStore
{
    /// Stores a generation at birth, with the beginning of its log, and gives the right to write
    /// it on. Waits for as long as it takes: nobody else could tell afterwards whether it was done.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the first batch does not begin with event 1.
    async fn create(&self, record: Record) -> Result<Created, Error>;

    /// The generations of `node` whose log has not ended, oldest first, as they were at birth. A
    /// server that starts goes on with these or ends them, and none that another one runs.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn unfinished(&self, node: &str) -> Result<Vec<Unfinished>, Error>;

    /// Takes over the log of a running generation, for `node` from now on. Whoever wrote it before
    /// is shut out: what it has under way is in the log by now, or never will be, and whatever else
    /// it tries is refused with [`Error::Superseded`].
    ///
    /// # Errors
    /// [`Error::UnknownGeneration`]; [`Error::OutOfOrder`] when the log has ended. After another
    /// error the earlier writer may be shut out or not; the same may be asked for again.
    async fn resume(&self, node: &str, id: &str) -> Result<Resumed, Error>;

    /// The log after event `after`: whole batches, but for the first, which is cut to begin
    /// right there. They take `max_bytes` at most, unless the first alone takes more. Empty
    /// when nothing follows.
    ///
    /// # Errors
    /// [`Error::UnknownGeneration`].
    async fn read(&self, id: &str, after: u64, max_bytes: usize) -> Result<Vec<Batch>, Error>;

    /// How far the log of a generation reaches that nobody writes any more.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn head(&self, owner: &str, id: &str) -> Result<Option<Head>, Error>;

    /// The snapshot as last saved: at birth or at the end.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn snapshot(&self, owner: &str, id: &str) -> Result<Option<Snapshot>, Error>;

    /// The text that was read.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn input(&self, owner: &str, id: &str) -> Result<Option<String>, Error>;

    /// What a request with this key has started before.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn find(&self, owner: &str, idempotency: &Idempotency) -> Result<Option<Earlier>, Error>;

    /// A page of an owner's history, newest first, from where `before` says, which is what another
    /// page gave as its `next`. `query` is looked for in title, summary and preview, in any case;
    /// an empty one finds all. Titles are cut to [`LISTED_TITLE_CHARS`](crate::LISTED_TITLE_CHARS).
    ///
    /// # Errors
    /// [`Error::UnknownPlace`] when no page gives `before`.
    async fn list(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error>;

    /// Removes a generation with its log and its input, running or not. `false` when there was
    /// none. After an error it may be gone or not.
    ///
    /// # Errors
    /// [`Error::Busy`] and such.
    async fn delete(&self, owner: &str, id: &str) -> Result<bool, Error>;

    /// Removes some of what `keep` has no place for, oldest first and never a running one: a few,
    /// so that others get in between; none when nothing is left to be removed.
    ///
    /// Ages are counted from `now_ms`, in milliseconds since 1970, unless it is far ahead of what
    /// earlier calls said: a clock that was set wrong must not empty the history.
    ///
    /// # Errors
    /// [`Error::Busy`] and such.
    async fn prune(&self, keep: Retention, now_ms: u64) -> Result<Pruned, Error>;

    /// Writes what was handed in and lets go of what is open, all within 10 s. Whatever is asked
    /// for from then on is answered with [`Error::Closed`].
    async fn close(&self);
}

/// The right to write one running generation's log. At any time one writer of a log has it.
#[async_trait]
pub trait LogWriter: Send + Sync {
    /// Appends `batch` where the head is the event before its first. This does not wait:
    /// `appended` is told what becomes of it, once, and maybe before this returns. One batch at a
    /// time may be under way.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when `batch` does not follow the last event, the log has ended or
    /// another batch is still under way; [`Error::Superseded`]. The batch has not been taken then,
    /// and nobody is told of it.
    fn append(&self, batch: Batch, appended: Arc<dyn Appended>) -> Result<(), Error>;

    /// Ends the log with its last batch; the snapshot replaces that of birth. What is still under
    /// way will not be in the log. After [`Error::Busy`], which leaves open whether it was done,
    /// the same may be asked for again.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when `last` does not follow the last event or the log has ended
    /// otherwise; [`Error::UnknownGeneration`]; [`Error::Superseded`]. Nothing has been written
    /// then.
    async fn end(&self, last: Batch, snapshot: &Snapshot) -> Result<(), Error>;
}

/// Who is told what became of an append. It is called on the store's own thread or task, and
/// must not wait.
pub trait Appended: Send + Sync + 'static {
    /// The batch is in the log: whoever reads finds it there.
    fn committed(&self, batch: Batch);

    /// It is not, and will not be.
    fn failed(&self, error: Error);
}

/// A log that was taken over.
pub struct Resumed {
    /// The right to write it on.
    pub writer: Box<dyn LogWriter>,
    /// Id of its last event.
    pub cursor: u64,
}
