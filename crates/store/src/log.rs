use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use slab::Slab;
use smallvec::SmallVec;

use crate::tail::Tail;
use crate::{Batch, Error};

/// The log of a generation that runs: how far it reaches, and what of it is in memory. The one who
/// writes it and all who read it share this.
pub struct Log {
    id: String,
    state: Mutex<State>,
}

/// How far a log reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Id of the last committed event.
    pub cursor: u64,
    /// Nothing follows.
    pub ended: bool,
}

/// What follows an event of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadOutcome {
    /// The rest of its batch, or the next one.
    Batch {
        /// That.
        batch: Batch,
        /// Nothing follows it yet.
        is_newest: bool,
    },
    /// Something that only the database still has: [`Store::frames`](crate::Store::frames).
    Stored,
    /// Nothing, ever.
    Nothing,
    /// Nothing here, although it has not come to an end.
    Abandoned,
}

struct State {
    head: Head,
    /// Its last batch is on its way into the database: nothing else may come.
    is_ending: bool,
    /// Nobody writes it any more.
    is_abandoned: bool,
    next: Next,
    /// Up to the head.
    tail: Tail,
    /// Who handed the next batch in, once it waits.
    writer: Option<Waker>,
    /// A seat for each reader, taken by those who wait.
    readers: Slab<Option<Waker>>,
}

/// What is to follow the head.
enum Next {
    Nothing,
    /// Waits for the journal.
    HandedIn(Batch),
    /// Is being written to it.
    UnderWay,
    Failed(Error),
}

impl Log {
    /// A log whose newest batch is `newest`: the first one, for a generation to be created.
    #[must_use]
    pub fn new(id: &str, newest: Batch) -> Self {
        let state = State {
            head: Head { cursor: newest.last, ended: false },
            is_ending: false,
            is_abandoned: false,
            next: Next::Nothing,
            tail: Tail::new(newest),
            writer: None,
            readers: Slab::new(),
        };
        Self { id: id.to_owned(), state: Mutex::new(state) }
    }

    /// The generation's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How far it reaches now.
    #[must_use]
    pub fn head(&self) -> Head {
        self.state().head
    }

    /// What follows the event `cursor`, up to the end of its batch, when that is in memory.
    #[must_use]
    pub fn after(&self, cursor: u64) -> Option<Batch> {
        self.state().tail.after(cursor)
    }

    /// Whether what was handed in last is committed: once, its error if it is not. Wakes one task.
    ///
    /// # Errors
    /// What [`Store::append`](crate::Store::append) says.
    pub fn poll_written(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let mut state = self.state();
        if matches!(state.next, Next::HandedIn(_) | Next::UnderWay) {
            let earlier = state.writer.replace(context.waker().clone());
            drop(state);
            drop(earlier);
            return Poll::Pending;
        }
        match mem::replace(&mut state.next, Next::Nothing) {
            Next::Failed(error) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(())),
        }
    }

    /// Lets everybody go, should it not have come to an end.
    pub fn abandon(&self) {
        let mut state = self.state();
        state.is_abandoned = true;
        tell(state);
    }

    /// From here on nothing comes but the batch that ends it. What is under way is not shown.
    pub fn begin_to_end(&self) {
        self.state().is_ending = true;
    }

    pub(crate) fn sit_down(&self) -> usize {
        self.state().readers.insert(None)
    }

    pub(crate) fn stand_up(&self, seat: usize) {
        let waker = self.state().readers.try_remove(seat);
        drop(waker);
    }

    /// What follows the event `cursor`, for the reader in that seat.
    pub(crate) fn poll_after(
        &self,
        cursor: u64,
        seat: usize,
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
        let seat = state.readers.get_mut(seat);
        let earlier = seat.and_then(|seat| seat.replace(context.waker().clone()));
        // Whatever a waker does when it is dropped, it finds the log free.
        drop(state);
        drop(earlier);
        Poll::Pending
    }

    /// Takes `batch` in as the next, when it follows the head and nothing else does yet.
    pub(crate) fn hand_in(&self, batch: Batch) -> Result<(), Error> {
        let mut state = self.state();
        let is_free = matches!(state.next, Next::Nothing | Next::Failed(_)) && !state.is_ending;
        if !is_free || batch.first != state.head.cursor + 1 || batch.last < batch.first {
            return Err(Error::OutOfOrder);
        }
        state.next = Next::HandedIn(batch);
        Ok(())
    }

    /// The batch that was handed in. It is under way from now on.
    pub(crate) fn take(&self) -> Option<Batch> {
        let mut state = self.state();
        match mem::replace(&mut state.next, Next::UnderWay) {
            Next::HandedIn(batch) => Some(batch),
            other => {
                state.next = other;
                None
            }
        }
    }

    /// What was under way is committed, in the journal's `segment`: everybody sees it.
    pub(crate) fn commit(&self, segment: u64, batch: Batch) {
        let mut state = self.state();
        state.next = Next::Nothing;
        if !state.is_ending {
            state.keep(segment, batch);
        }
        tell(state);
    }

    /// What was under way could not be written.
    pub(crate) fn fail(&self, error: Error) {
        let mut state = self.state();
        state.next = Next::Failed(error);
        tell(state);
    }

    /// The database has all of it, with `last` as its last batch: everybody sees it.
    pub(crate) fn conclude(&self, last: Batch) {
        let mut state = self.state();
        if state.head.ended {
            return;
        }
        state.tail.mark_stored(u64::MAX);
        state.head.ended = true;
        state.keep(0, last);
        tell(state);
    }

    /// Batches after event `after` that are in memory, up to the first with which they take
    /// `max_bytes`.
    #[must_use]
    pub fn page(&self, after: u64, max_bytes: usize) -> Vec<Batch> {
        self.state().tail.page(after, max_bytes)
    }

    /// The batches that the database does not have yet, in segments up to `segment`.
    pub(crate) fn unstored(&self, segment: u64) -> Vec<Batch> {
        self.state().tail.unstored(segment)
    }

    /// The database has what is in segments up to `segment`. So many logs share the memory.
    pub(crate) fn mark_stored(&self, segment: u64, logs: usize) {
        let mut state = self.state();
        state.tail.mark_stored(segment);
        state.tail.share(logs);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes all who wait.
fn tell(mut state: MutexGuard<'_, State>) {
    let State { writer, readers, .. } = &mut *state;
    let readers = readers.iter_mut().filter_map(|(_, seat)| seat.take());
    let waiting: SmallVec<[Waker; 2]> = writer.take().into_iter().chain(readers).collect();
    drop(state);
    waiting.into_iter().for_each(Waker::wake);
}

impl State {
    fn keep(&mut self, segment: u64, batch: Batch) {
        self.head.cursor = batch.last;
        self.tail.push(segment, batch);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Reader;

    #[test]
    fn what_comes_too_late_is_not_shown() {
        let log = Log::new("g", Batch::sample(1, 1));
        log.hand_in(Batch::sample(2, 1)).unwrap();
        let late = log.take().unwrap();
        log.begin_to_end();
        log.commit(1, late);
        assert_eq!((log.head().cursor, log.after(1)), (1, None));
        assert!(log.unstored(9).is_empty());
        log.conclude(Batch::sample(2, 2));
        assert_eq!((log.head().cursor, log.after(1)), (2, Some(Batch::sample(2, 2))));
    }

    #[test]
    fn who_leaves_leaves_nothing_behind() {
        let log = Arc::new(Log::new("g", Batch::sample(1, 1)));
        let readers: Vec<_> = (0..10).map(|_| Reader::new(Arc::clone(&log))).collect();
        let mut context = Context::from_waker(Waker::noop());
        assert!(readers.iter().all(|reader| reader.poll_after(1, &mut context).is_pending()));
        drop(readers);
        assert!(log.state().readers.is_empty());
    }
}
