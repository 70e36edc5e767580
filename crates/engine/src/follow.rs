use std::sync::Arc;

use store::{Batch, Log, Store};

/// How much is read from the store at once for a viewer that is behind.
const PAGE_BYTES: usize = 64 * 1024;

/// How much must wait before neighbouring deltas are merged. Below it, a viewer sees the log as it
/// was written.
const MERGE_BYTES: usize = 32 * 1024;

/// A viewer: a cursor over one generation's log. It holds no queue; what it has not asked for is
/// in the log.
pub struct Follow {
    store: Store,
    log: Followed,
    cursor: u64,
    /// Read from the store, not yet asked for.
    page: std::vec::IntoIter<Batch>,
}

/// The log of a generation, as it was when the viewer came.
enum Followed {
    Running(Arc<Log>),
    Ended { id: String, last: u64 },
}

impl Follow {
    pub(crate) fn running(log: Arc<Log>, store: Store, cursor: u64) -> Self {
        Self { store, log: Followed::Running(log), cursor, page: Vec::new().into_iter() }
    }

    pub(crate) fn ended(id: String, last: u64, store: Store, cursor: u64) -> Self {
        Self { store, log: Followed::Ended { id, last }, cursor, page: Vec::new().into_iter() }
    }

    /// Id of the last event that was given out.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Waits for the events after the cursor, and moves it behind them. `None` after the last.
    /// May be dropped while it waits: nothing is lost.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next(&mut self) -> Result<Option<Batch>, store::Error> {
        let last = match &self.log {
            Followed::Running(log) => log.beyond(self.cursor).await.cursor,
            Followed::Ended { last, .. } => *last,
        };
        if self.cursor < last { self.gather().await.map(Some) } else { Ok(None) }
    }

    /// All that waits, up to a page. Who is far behind gets neighbouring deltas as one.
    async fn gather(&mut self) -> Result<Batch, store::Error> {
        let first = self.read().await?;
        self.cursor = first.last;
        if first.frames.len() >= PAGE_BYTES {
            return Ok(first);
        }
        let Some(second) = self.ready() else { return Ok(first) };
        let mut frames = first.frames.to_vec();
        let mut next = Some(second);
        while let Some(batch) = next {
            self.cursor = batch.last;
            frames.extend_from_slice(&batch.frames);
            next = if frames.len() < PAGE_BYTES { self.ready() } else { None };
        }
        if frames.len() >= MERGE_BYTES {
            let mut merged = Vec::with_capacity(frames.len());
            protocol::merge(&frames, &mut merged);
            frames = merged;
        }
        Ok(Batch { first: first.first, last: self.cursor, frames: frames.into() })
    }

    /// The next batch, when it is in memory.
    fn ready(&mut self) -> Option<Batch> {
        self.page.next().or_else(|| match &self.log {
            Followed::Running(log) => log.after(self.cursor),
            Followed::Ended { .. } => None,
        })
    }

    async fn read(&mut self) -> Result<Batch, store::Error> {
        if let Some(batch) = self.ready() {
            return Ok(batch);
        }
        let id = match &self.log {
            Followed::Running(log) => log.id(),
            Followed::Ended { id, .. } => id,
        };
        // Boxed: a viewer that keeps up never gets here, and should not keep room for it.
        let reading = Box::pin(self.store.frames(id, self.cursor, PAGE_BYTES));
        self.page = reading.await?.into_iter();
        self.page.next().ok_or(store::Error::UnknownGeneration)
    }
}
