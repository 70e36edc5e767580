use std::sync::Arc;

use store::{Batch, Store};
use tokio::sync::watch;

use crate::live::{Head, Live};

/// How much is read from the store at once for a viewer that is behind.
const PAGE_BYTES: usize = 64 * 1024;

/// How much must wait before neighbouring deltas are merged. Below it, a viewer sees the log as it
/// was written.
const MERGE_BYTES: usize = 32 * 1024;

/// A viewer: a cursor over one generation's log. It holds no queue; what it has not asked for is
/// in the log.
pub struct Follow {
    id: String,
    store: Store,
    /// Shared memory of a generation that ran when the viewer came.
    live: Option<Arc<Live>>,
    head: watch::Receiver<Head>,
    cursor: u64,
    /// Read from the store, not yet asked for.
    page: std::vec::IntoIter<Batch>,
}

impl Follow {
    pub(crate) fn new(id: String, store: Store, live: Arc<Live>, cursor: u64) -> Self {
        let head = live.watch();
        Self { id, store, live: Some(live), head, cursor, page: Vec::new().into_iter() }
    }

    pub(crate) fn ended(id: String, store: Store, last: u64, cursor: u64) -> Self {
        let (_, head) = watch::channel(Head { cursor: last, ended: true });
        Self { id, store, live: None, head, cursor, page: Vec::new().into_iter() }
    }

    /// Id of the last event that was given out.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Whether committed events wait to be asked for.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.cursor < self.head.borrow().cursor
    }

    /// Waits for the events after the cursor, and moves it behind them. `None` after the last.
    /// May be dropped while it waits: nothing is lost.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next(&mut self) -> Result<Option<Batch>, store::Error> {
        loop {
            let head = *self.head.borrow_and_update();
            if self.cursor < head.cursor {
                return self.gather().await.map(Some);
            }
            if head.ended || self.head.changed().await.is_err() {
                return Ok(None);
            }
        }
    }

    /// All that waits, up to a page. Who is far behind gets neighbouring deltas as one.
    async fn gather(&mut self) -> Result<Batch, store::Error> {
        let first = self.read().await?;
        self.cursor = first.last;
        if !self.is_behind() || first.frames.len() >= PAGE_BYTES {
            return Ok(first);
        }
        let mut frames = first.frames.to_vec();
        while self.is_behind() && frames.len() < PAGE_BYTES {
            let Some(batch) = self.ready() else { break };
            self.cursor = batch.last;
            frames.extend_from_slice(&batch.frames);
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
        self.page.next().or_else(|| self.live.as_ref()?.after(self.cursor))
    }

    async fn read(&mut self) -> Result<Batch, store::Error> {
        if let Some(batch) = self.ready() {
            return Ok(batch);
        }
        // Boxed: a viewer that keeps up never gets here, and should not keep room for it.
        let reading = Box::pin(self.store.frames(&self.id, self.cursor, PAGE_BYTES));
        self.page = reading.await?.into_iter();
        self.page.next().ok_or(store::Error::UnknownGeneration)
    }
}
