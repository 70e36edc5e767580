use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Batch, Error, page};

/// A running generation's log as the store knows it: how far it reaches, and the batches that only
/// the journal has. Their bytes are shared with whoever else holds them.
pub(crate) struct RunningLog {
    id: String,
    state: Mutex<State>,
}

struct State {
    /// Id of the last committed event.
    cursor: u64,
    /// Which writer may append: a later one has a larger number.
    epoch: u64,
    is_under_way: bool,
    /// Its last batch is on its way into the database: nothing else may come.
    is_ending: bool,
    /// What the database does not have yet, each with the journal's segment that it is in.
    batches: VecDeque<(u64, Batch)>,
}

impl RunningLog {
    /// A log that the database has up to the event `cursor`.
    pub(crate) fn new(id: &str, cursor: u64) -> Self {
        let batches = VecDeque::new();
        let state = State { cursor, epoch: 0, is_under_way: false, is_ending: false, batches };
        Self { id: id.to_owned(), state: Mutex::new(state) }
    }

    /// The generation's id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The writer of that `epoch` has `batch` under way from now on, when it follows the head and
    /// nothing else does yet.
    pub(crate) fn begin_append(&self, epoch: u64, batch: &Batch) -> Result<(), Error> {
        let mut state = self.state();
        state.check(epoch)?;
        let is_free = !state.is_under_way && !state.is_ending;
        if !is_free || batch.first != state.cursor + 1 || batch.last < batch.first {
            return Err(Error::OutOfOrder);
        }
        state.is_under_way = true;
        Ok(())
    }

    /// What that writer had under way is in the journal's `segment`, and in the log unless that
    /// was taken over or ended meanwhile.
    pub(crate) fn commit(&self, epoch: u64, segment: u64, batch: Batch) -> Result<(), Error> {
        let mut state = self.state();
        state.check(epoch)?;
        state.is_under_way = false;
        if state.is_ending {
            return Err(Error::OutOfOrder);
        }
        state.cursor = batch.last;
        state.batches.push_back((segment, batch));
        Ok(())
    }

    /// What that writer had under way could not be written.
    pub(crate) fn fail(&self, epoch: u64) {
        let mut state = self.state();
        if state.epoch == epoch {
            state.is_under_way = false;
        }
    }

    /// Shuts the writer out that there was. Gives the next one's epoch, and the last event.
    pub(crate) fn take_over(&self) -> (u64, u64) {
        let mut state = self.state();
        state.epoch += 1;
        (state.is_under_way, state.is_ending) = (false, false);
        (state.epoch, state.cursor)
    }

    /// From here on nothing comes but the batch that ends it. What is under way is not in the log.
    pub(crate) fn begin_to_end(&self, epoch: u64) -> Result<(), Error> {
        let mut state = self.state();
        state.check(epoch)?;
        state.is_ending = true;
        Ok(())
    }

    /// Whether the writer of that `epoch` still is the last.
    pub(crate) fn check(&self, epoch: u64) -> Result<(), Error> {
        self.state().check(epoch)
    }

    /// It has ended or is gone: nothing is appended any more.
    pub(crate) fn close(&self) {
        self.state().is_ending = true;
    }

    /// Batches after event `after` that the database does not have yet.
    pub(crate) fn page(&self, after: u64, max_bytes: usize) -> Vec<Batch> {
        let state = self.state();
        let from = state.batches.partition_point(|(_, batch)| batch.last <= after);
        page(state.batches.range(from..).map(|(_, batch)| batch), after, max_bytes)
    }

    /// The batches that the database does not have yet, in segments up to `segment`.
    pub(crate) fn unstored(&self, segment: u64) -> Vec<Batch> {
        let state = self.state();
        let old = state.batches.iter().take_while(|(within, _)| *within <= segment);
        old.map(|(_, batch)| batch.clone()).collect()
    }

    /// The database has what is in segments up to `segment`.
    pub(crate) fn mark_stored(&self, segment: u64) {
        let mut state = self.state();
        let stored = state.batches.partition_point(|(within, _)| *within <= segment);
        state.batches.drain(..stored);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check(&self, epoch: u64) -> Result<(), Error> {
        if self.epoch == epoch { Ok(()) } else { Err(Error::Superseded) }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn batch(event: u64) -> Batch {
        Batch { first: event, last: event, frames: Bytes::from_static(b"x") }
    }

    fn append(log: &RunningLog, epoch: u64, segment: u64, event: u64) -> Result<(), Error> {
        log.begin_append(epoch, &batch(event))?;
        log.commit(epoch, segment, batch(event))
    }

    #[test]
    fn what_the_database_has_is_forgotten_and_the_rest_is_kept() {
        let log = RunningLog::new("g", 1);
        for event in 2..=20 {
            append(&log, 0, event / 10 + 1, event).unwrap();
        }
        assert_eq!(log.unstored(1).len(), 8);
        assert_eq!(log.page(0, usize::MAX).len(), 19);
        log.mark_stored(1);
        assert_eq!(log.page(0, usize::MAX).first(), Some(&batch(10)));
        assert_eq!(log.unstored(2).len(), 10);
        log.mark_stored(3);
        assert!(log.page(0, usize::MAX).is_empty());
    }

    #[test]
    fn what_was_under_way_when_the_log_was_taken_over_is_not_in_it() {
        let log = RunningLog::new("g", 1);
        log.begin_append(0, &batch(2)).unwrap();
        assert_eq!(log.take_over(), (1, 1));
        append(&log, 1, 1, 2).unwrap();
        assert!(matches!(log.commit(0, 1, batch(2)), Err(Error::Superseded)));
        assert!(matches!(log.begin_append(0, &batch(3)), Err(Error::Superseded)));
        assert_eq!(log.page(0, usize::MAX), [batch(2)]);
    }

    #[test]
    fn what_comes_too_late_is_not_in_the_log() {
        let log = RunningLog::new("g", 1);
        log.begin_append(0, &batch(2)).unwrap();
        log.begin_to_end(0).unwrap();
        assert!(matches!(log.commit(0, 1, batch(2)), Err(Error::OutOfOrder)));
        assert!(log.unstored(9).is_empty());
    }
}
