use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures::future::BoxFuture;
use store::{Batch, Store};

use crate::{
    log::{Log, ReadOutcome},
    subscriber::Subscriber,
};

/// How much is read from the store at once for a viewer that is behind.
const PAGE_BYTES: usize = 64 * 1024;

/// How much must wait before neighbouring deltas are merged. Below it, a viewer sees the log as it
/// was written.
const MERGE_BYTES: usize = 32 * 1024;

/// A viewer's cursor over one generation's log. It holds no queue, since the log has what the
/// viewer has not asked for yet.
pub struct Subscription {
    store: Arc<dyn Store>,
    log: LogSource,
    cursor: u64,
    /// Batches that were read from the store and not asked for yet.
    page: std::vec::IntoIter<Batch>,
    /// From how many bytes on neighbouring deltas are merged.
    merge_bytes: usize,
    /// The next page, while it is read.
    reading: Option<BoxFuture<'static, Result<Vec<Batch>, store::Error>>>,
}

/// Where the log is read, depending on what the generation did when the viewer subscribed.
enum LogSource {
    Running(Subscriber),
    Ended { id: String, last: u64 },
}

impl Subscription {
    pub(crate) fn running(log: Arc<Log>, store: Arc<dyn Store>, cursor: u64) -> Self {
        Self::new(LogSource::Running(Subscriber::new(log)), store, cursor)
    }

    pub(crate) fn ended(id: String, last: u64, store: Arc<dyn Store>, cursor: u64) -> Self {
        Self::new(LogSource::Ended { id, last }, store, cursor)
    }

    fn new(log: LogSource, store: Arc<dyn Store>, cursor: u64) -> Self {
        Self {
            store,
            log,
            cursor,
            page: Vec::new().into_iter(),
            merge_bytes: MERGE_BYTES,
            reading: None,
        }
    }

    /// Id of the last event that was given out.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Merges neighbouring deltas of one field however few there are, for a viewer that would rather
    /// have fewer frames than the log as it was written.
    pub fn merge_always(&mut self) {
        self.merge_bytes = 0;
    }

    /// Waits for the events after the cursor, and moves it behind them. `None` after the last.
    /// May be dropped while it waits: nothing is lost.
    ///
    /// # Errors
    /// When the store cannot be read, or the generation was left without an end.
    pub async fn next(&mut self) -> Result<Option<Batch>, store::Error> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// As [`next`](Self::next).
    ///
    /// # Errors
    /// As there.
    pub fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Batch>, store::Error>> {
        loop {
            if let Some(reading) = &mut self.reading {
                let page = ready!(reading.as_mut().poll(context));
                self.reading = None;
                self.page = page?.into_iter();
                if self.page.len() == 0 {
                    return Poll::Ready(Err(store::Error::UnknownGeneration));
                }
            }
            if let Some(first) = self.page.next() {
                return Poll::Ready(Ok(Some(self.gather(first))));
            }
            let following = match &self.log {
                LogSource::Running(subscriber) => {
                    ready!(subscriber.poll_after(self.cursor, context))
                }
                LogSource::Ended { last, .. } if self.cursor < *last => ReadOutcome::Stored,
                LogSource::Ended { .. } => ReadOutcome::Nothing,
            };
            match following {
                ReadOutcome::Batch { batch, is_newest: true } if self.merge_bytes > 0 => {
                    self.cursor = batch.last;
                    return Poll::Ready(Ok(Some(batch)));
                }
                ReadOutcome::Batch { batch: first, .. } => {
                    return Poll::Ready(Ok(Some(self.gather(first))));
                }
                ReadOutcome::Stored => self.read_on(),
                ReadOutcome::Nothing => return Poll::Ready(Ok(None)),
                ReadOutcome::Abandoned => return Poll::Ready(Err(store::Error::Abandoned)),
            }
        }
    }

    fn read_on(&mut self) {
        let id = match &self.log {
            LogSource::Running(subscriber) => subscriber.log().id().to_owned(),
            LogSource::Ended { id, .. } => id.clone(),
        };
        let (store, cursor) = (Arc::clone(&self.store), self.cursor);
        let read = async move { store.read(&id, cursor, PAGE_BYTES).await };
        self.reading = Some(Box::pin(read));
    }

    /// `first` and what else is in memory, up to a page. When that is much, neighbouring deltas are
    /// merged, so that a viewer that is far behind gets fewer frames.
    fn gather(&mut self, first: Batch) -> Batch {
        self.cursor = first.last;
        let mut frames = first.frames;
        if frames.len() < PAGE_BYTES
            && let Some(next) = self.ready()
        {
            frames = self.gather_more(&frames, next);
        }
        if frames.len() >= self.merge_bytes {
            let mut merged = Vec::with_capacity(frames.len());
            protocol::merge(&frames, &mut merged);
            // A viewer that reads nothing keeps this in memory.
            merged.shrink_to_fit();
            frames = merged.into();
        }
        Batch { first: first.first, last: self.cursor, frames }
    }

    fn gather_more(&mut self, frames: &[u8], next: Batch) -> Bytes {
        let mut frames = frames.to_vec();
        let mut next = Some(next);
        while let Some(batch) = next {
            self.cursor = batch.last;
            frames.extend_from_slice(&batch.frames);
            next = if frames.len() < PAGE_BYTES { self.ready() } else { None };
        }
        frames.shrink_to_fit();
        frames.into()
    }

    /// The next batch, when it is in memory.
    fn ready(&mut self) -> Option<Batch> {
        self.page.next().or_else(|| match &self.log {
            LogSource::Running(subscriber) => subscriber.log().after(self.cursor),
            LogSource::Ended { .. } => None,
        })
    }
}
