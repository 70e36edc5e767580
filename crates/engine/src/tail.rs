use std::collections::VecDeque;

use store::Batch;

/// The newest committed batches of a log, without holes.
pub(crate) struct Tail {
    batches: VecDeque<Batch>,
    bytes: usize,
}

impl Tail {
    pub(crate) fn new(newest: Batch) -> Self {
        Self { bytes: newest.frames.len(), batches: VecDeque::from([newest]) }
    }

    /// Adds the next batch, and forgets the oldest of those that take more than `most_bytes`.
    pub(crate) fn push(&mut self, batch: Batch, most_bytes: usize) {
        self.bytes += batch.frames.len();
        self.batches.push_back(batch);
        while self.bytes > most_bytes
            && self.batches.len() > 1
            && let Some(oldest) = self.batches.pop_front()
        {
            self.bytes -= oldest.frames.len();
        }
    }

    /// What follows the event `cursor`, up to the end of its batch.
    pub(crate) fn after(&self, cursor: u64) -> Option<Batch> {
        let next = cursor.saturating_add(1);
        // Who keeps up needs no search.
        let newest = self.batches.back().filter(|newest| newest.first <= next);
        let found = newest.or_else(|| {
            let index = self.batches.partition_point(|batch| batch.last <= cursor);
            self.batches.get(index).filter(|batch| batch.first <= next)
        });
        found?.after(cursor)
    }

    /// All that follows the event `cursor`.
    pub(crate) fn since(&self, cursor: u64) -> Vec<Batch> {
        let from = self.batches.partition_point(|batch| batch.last <= cursor);
        self.batches.range(from..).filter_map(|batch| batch.after(cursor)).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use bytes::Bytes;

    use super::*;

    /// One event that takes so many bytes.
    pub(crate) fn batch(event: u64, bytes: usize) -> Batch {
        Batch { first: event, last: event, frames: Bytes::from(vec![b'x'; bytes]) }
    }

    #[test]
    fn the_newest_are_kept() {
        let mut tail = Tail::new(batch(1, 1));
        for event in 2..=20 {
            tail.push(batch(event, 250), 1000);
        }
        assert!(tail.after(15).is_none());
        assert!((16..20).all(|event| tail.after(event) == Some(batch(event + 1, 250))));
        assert_eq!(tail.since(0).len(), 4);
        assert_eq!(tail.since(18), [batch(19, 250), batch(20, 250)]);
        tail.push(batch(21, 5000), 1000);
        assert_eq!(tail.since(0), [batch(21, 5000)], "the newest is always there");
        assert_eq!(tail.after(u64::MAX), None);
    }
}
