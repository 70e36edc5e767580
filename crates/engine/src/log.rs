use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use slab::Slab;
use smallvec::SmallVec;
use store::{Appended, Batch, Error, Head, LogWriter};

use crate::{
    log_memory::{LogMemory, Share},
    tail::Tail,
};

/// The log of a generation that runs: how far it reaches, the newest of it, and who waits for more.
/// The one who writes it, the store and all who read it share this.
pub(crate) struct Log {
    id: String,
    /// How much of it may be in memory.
    share: Share,
    state: Mutex<State>,
}

/// What follows an event of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReadOutcome {
    /// The rest of its batch, or the next one.
    Batch {
        batch: Batch,
        /// Nothing follows it yet.
        is_newest: bool,
    },
    /// Something that only the store still has.
    Stored,
    /// Nothing, ever.
    Nothing,
    /// Nothing here, although it has not come to an end.
    Abandoned,
}

struct State {
    head: Head,
    /// Nobody writes it any more.
    is_abandoned: bool,
    append: AppendState,
    /// The newest batches, up to the head.
    tail: Tail,
    /// Wakes the one who appends, while that waits for the store.
    writer: Option<Waker>,
    /// A place for the waker of each subscriber, filled by those who wait.
    subscribers: Slab<Option<Waker>>,
}

/// What became of the last append.
enum AppendState {
    Committed,
    UnderWay,
    Failed(Error),
}

impl Log {
    /// A log that begins with `first`. It takes its share of `memory`.
    pub(crate) fn new(id: &str, first: Batch, memory: &LogMemory) -> Self {
        let state = State {
            head: Head { cursor: first.last, ended: false },
            is_abandoned: false,
            append: AppendState::Committed,
            tail: Tail::new(first),
            writer: None,
            subscribers: Slab::new(),
        };
        Self { id: id.to_owned(), share: memory.share(), state: Mutex::new(state) }
    }

    /// The generation's id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// How far it reaches now.
    pub(crate) fn head(&self) -> Head {
        self.state().head
    }

    /// What follows the event `cursor`, up to the end of its batch, when that is in memory.
    pub(crate) fn after(&self, cursor: u64) -> Option<Batch> {
        self.state().tail.after(cursor)
    }

    /// All that follows the event `cursor`, as far back as it is in memory.
    pub(crate) fn since(&self, cursor: u64) -> Vec<Batch> {
        self.state().tail.since(cursor)
    }

    /// Has `writer` append `batch`, which is shown once the store has it. This does not wait:
    /// [`poll_appended`](Self::poll_appended) tells what became of it.
    ///
    /// # Errors
    /// Those of [`LogWriter::append`]. The batch has not been taken then.
    pub(crate) fn append(
        self: &Arc<Self>,
        writer: &dyn LogWriter,
        batch: Batch,
    ) -> Result<(), Error> {
        // The store may answer before it returns.
        self.state().append = AppendState::UnderWay;
        let taken = writer.append(batch, Arc::clone(self) as Arc<dyn Appended>);
        if taken.is_err() {
            self.state().append = AppendState::Committed;
        }
        taken
    }

    /// Whether what was appended last is committed: once, its error if it is not. Wakes one task.
    pub(crate) fn poll_appended(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let mut state = self.state();
        match mem::replace(&mut state.append, AppendState::Committed) {
            AppendState::Committed => Poll::Ready(Ok(())),
            AppendState::Failed(error) => Poll::Ready(Err(error)),
            AppendState::UnderWay => {
                state.append = AppendState::UnderWay;
                let earlier = state.writer.replace(context.waker().clone());
                // Whatever a waker does when it is dropped, it finds the log free.
                drop(state);
                drop(earlier);
                Poll::Pending
            }
        }
    }

    /// The store has all of it, with `last` as its last batch: everybody sees it.
    pub(crate) fn end(&self, last: Batch) {
        let mut state = self.state();
        state.push(last, self.share.bytes());
        state.head.ended = true;
        wake_all(state);
    }

    /// Lets everybody go, should it not have come to an end.
    pub(crate) fn abandon(&self) {
        let mut state = self.state();
        state.is_abandoned = true;
        wake_all(state);
    }

    /// Makes a place for a subscriber's waker.
    pub(crate) fn subscribe(&self) -> usize {
        self.state().subscribers.insert(None)
    }

    /// Gives that place up.
    pub(crate) fn unsubscribe(&self, key: usize) {
        let waker = self.state().subscribers.try_remove(key);
        drop(waker);
    }

    /// What follows the event `cursor`; the subscriber of that key is woken when there is more.
    pub(crate) fn poll_after(
        &self,
        cursor: u64,
        key: usize,
        context: &mut Context<'_>,
    ) -> Poll<ReadOutcome> {
        let mut state = self.state();
        if cursor < state.head.cursor {
            let found = state.tail.after(cursor);
            return Poll::Ready(found.map_or(ReadOutcome::Stored, |batch| {
                let is_newest = batch.last == state.head.cursor;
                ReadOutcome::Batch { batch, is_newest }
            }));
        }
        if state.head.ended {
            return Poll::Ready(ReadOutcome::Nothing);
        }
        if state.is_abandoned {
            return Poll::Ready(ReadOutcome::Abandoned);
        }
        let waker = state.subscribers.get_mut(key);
        let earlier = waker.and_then(|waker| waker.replace(context.waker().clone()));
        drop(state);
        drop(earlier);
        Poll::Pending
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the store says of what it was given.
impl Appended for Log {
    /// Everybody sees the batch. One that has come before, as when the log was read again after a
    /// commit that took too long, changes nothing.
    fn committed(&self, batch: Batch) {
        let mut state = self.state();
        state.push(batch, self.share.bytes());
        state.append = AppendState::Committed;
        wake_all(state);
    }

    fn failed(&self, error: Error) {
        let mut state = self.state();
        state.append = AppendState::Failed(error);
        wake_all(state);
    }
}

impl State {
    /// Adds `batch` when it is the next.
    fn push(&mut self, batch: Batch, most_bytes: usize) {
        if batch.first == self.head.cursor + 1 && !self.head.ended {
            self.head.cursor = batch.last;
            self.tail.push(batch, most_bytes);
        }
    }
}

/// Wakes all who wait, once the log is free.
fn wake_all(mut state: MutexGuard<'_, State>) {
    let State { writer, subscribers, .. } = &mut *state;
    let subscribers = subscribers.iter_mut().filter_map(|(_, waker)| waker.take());
    let waiting: SmallVec<[Waker; 2]> = writer.take().into_iter().chain(subscribers).collect();
    drop(state);
    waiting.into_iter().for_each(Waker::wake);
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures::{future::poll_fn, poll};

    use super::*;
    use crate::{subscriber::Subscriber, tail::tests::batch};

    fn log() -> Arc<Log> {
        Arc::new(Log::new("g", batch(1, 1), &LogMemory::default()))
    }

    /// A store that takes everything and says nothing.
    struct Slow;

    #[async_trait::async_trait]
    impl LogWriter for Slow {
        fn append(&self, _: Batch, _: Arc<dyn Appended>) -> Result<(), Error> {
            Ok(())
        }

        async fn end(&self, _: Batch, _: &protocol::Snapshot) -> Result<(), Error> {
            Err(Error::Closed)
        }
    }

    #[tokio::test]
    async fn nothing_is_seen_before_it_is_committed() {
        let log = log();
        let subscriber = Subscriber::new(Arc::clone(&log));
        let after = |cursor| {
            let subscriber = &subscriber;
            poll_fn(move |context| subscriber.poll_after(cursor, context))
        };
        let mut waiting = pin!(after(1));
        let mut appended = pin!(poll_fn(|context| log.poll_appended(context)));
        log.append(&Slow, batch(2, 1)).unwrap();
        assert!(poll!(&mut waiting).is_pending());
        assert!(poll!(&mut appended).is_pending());
        assert_eq!((log.head(), log.after(1)), (Head { cursor: 1, ended: false }, None));
        log.committed(batch(2, 1));
        appended.await.unwrap();
        let newest = ReadOutcome::Batch { batch: batch(2, 1), is_newest: true };
        assert_eq!(waiting.await, newest);
        let older = ReadOutcome::Batch { batch: batch(1, 1), is_newest: false };
        assert_eq!(after(0).await, older);

        let mut waiting = pin!(after(2));
        assert!(poll!(&mut waiting).is_pending());
        log.end(batch(3, 1));
        let last = ReadOutcome::Batch { batch: batch(3, 1), is_newest: true };
        assert_eq!(waiting.await, last);
        assert_eq!(log.head(), Head { cursor: 3, ended: true });
        assert_eq!(after(3).await, ReadOutcome::Nothing);
    }

    #[tokio::test]
    async fn what_the_store_refuses_is_said_once_and_not_shown() {
        let log = log();
        log.append(&Slow, batch(2, 1)).unwrap();
        log.failed(Error::Full);
        let appended = || poll_fn(|context| log.poll_appended(context));
        assert!(matches!(appended().await, Err(Error::Full)));
        appended().await.unwrap();
        assert_eq!(log.head().cursor, 1);
    }

    #[test]
    fn what_comes_twice_or_after_the_end_is_not_shown_again() {
        let log = log();
        log.committed(batch(2, 1));
        log.committed(batch(2, 9));
        assert_eq!(log.since(1), [batch(2, 1)]);
        log.end(batch(3, 1));
        log.committed(batch(4, 1));
        assert_eq!(log.head(), Head { cursor: 3, ended: true });
    }

    #[test]
    fn who_unsubscribes_leaves_nothing_behind() {
        let log = log();
        let subscribers: Vec<_> = (0..10).map(|_| Subscriber::new(Arc::clone(&log))).collect();
        let mut context = Context::from_waker(Waker::noop());
        let is_pending = |it: &Subscriber| it.poll_after(1, &mut context).is_pending();
        assert!(subscribers.iter().all(is_pending));
        drop(subscribers);
        assert!(log.state().subscribers.is_empty());
    }
}
