use std::collections::VecDeque;

use crate::Batch;

/// How much of a running log is in memory, whatever the database has of it.
pub const KEPT_BYTES: usize = 16 * 1024;

/// How much stays there at most, when the database has it, for those who keep up. Who is further
/// behind reads the store.
const MOST_BYTES: usize = 256 * 1024;

/// How much of all logs together may stay.
const ALL_BYTES: usize = 16 * 1024 * 1024;

/// The newest committed batches of a log without holes: all that the database does not have yet,
/// and some that it has.
pub(crate) struct Tail {
    batches: VecDeque<Kept>,
    bytes: usize,
    /// How many of them may stay once the database has them.
    most: usize,
    /// The database has what is in the journal's segments up to this one.
    stored: u64,
}

struct Kept {
    /// The journal's segment that it is in; 0, none.
    segment: u64,
    batch: Batch,
}

impl Tail {
    /// A batch that the database has, or will have when the generation is created.
    pub(crate) fn new(newest: Batch) -> Self {
        let bytes = newest.frames.len();
        let batches = VecDeque::from([Kept { segment: 0, batch: newest }]);
        Self { batches, bytes, most: MOST_BYTES, stored: 0 }
    }

    /// Adds the next batch, which is in `segment`; in 0 when the database has all of them.
    pub(crate) fn push(&mut self, segment: u64, batch: Batch) {
        self.bytes += batch.frames.len();
        self.batches.push_back(Kept { segment, batch });
        self.trim();
    }

    /// What follows the event `cursor`, up to the end of its batch.
    pub(crate) fn after(&self, cursor: u64) -> Option<Batch> {
        let next = cursor.saturating_add(1);
        // Who keeps up needs no search.
        let newest = self.batches.back().filter(|newest| newest.batch.first <= next);
        let found = newest.or_else(|| {
            let at = self.batches.partition_point(|kept| kept.batch.last <= cursor);
            self.batches.get(at).filter(|kept| kept.batch.first <= next)
        });
        found?.batch.after(cursor)
    }

    /// Batches after event `cursor`, up to the first with which they take `max_bytes`.
    pub(crate) fn page(&self, cursor: u64, max_bytes: usize) -> Vec<Batch> {
        let from = self.batches.partition_point(|kept| kept.batch.last <= cursor);
        let mut bytes = 0;
        let mut page = Vec::new();
        for Kept { batch, .. } in self.batches.range(from..) {
            page.extend(batch.after(cursor));
            bytes += batch.frames.len();
            if bytes >= max_bytes {
                break;
            }
        }
        page
    }

    /// The batches that the database does not have yet, in segments up to `segment`.
    pub(crate) fn unstored(&self, segment: u64) -> Vec<Batch> {
        let from = self.batches.partition_point(|kept| kept.segment <= self.stored);
        let old = self.batches.range(from..).take_while(|kept| kept.segment <= segment);
        old.map(|kept| kept.batch.clone()).collect()
    }

    /// The database has what is in segments up to `segment`.
    pub(crate) fn mark_stored(&mut self, segment: u64) {
        self.stored = self.stored.max(segment);
        self.trim();
    }

    /// From now on this is one of so many logs.
    pub(crate) fn share(&mut self, logs: usize) {
        self.most = (ALL_BYTES / logs.max(1)).clamp(KEPT_BYTES, MOST_BYTES);
        self.trim();
    }

    fn trim(&mut self) {
        while self.bytes > self.most
            && self.batches.len() > 1
            && let Some(oldest) = self.batches.pop_front_if(|kept| kept.segment <= self.stored)
        {
            self.bytes -= oldest.batch.frames.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_has_is_forgotten_and_the_rest_is_kept() {
        let mut tail = Tail::new(Batch::sample(1, 1));
        for event in 2..=20 {
            tail.push(event / 10 + 1, Batch::sample(event, MOST_BYTES / 4));
        }
        assert_eq!(tail.unstored(1).len(), 8);
        assert_eq!(tail.unstored(9).len(), 19);
        assert!(tail.after(2).is_some(), "although it is more than is kept for those who keep up");
        tail.mark_stored(1);
        assert_eq!(tail.unstored(9).first(), Some(&Batch::sample(10, MOST_BYTES / 4)));
        assert!(tail.after(8).is_none());
        assert!(tail.after(9).is_some());
        tail.mark_stored(3);
        assert!(tail.unstored(9).is_empty());
        assert!(tail.after(15).is_none());
        assert!((16..20).all(|event| tail.after(event).is_some()));
    }

    #[test]
    fn where_there_are_many_logs_each_keeps_less() {
        let mut tail = Tail::new(Batch::sample(1, 1));
        for event in 2..=300 {
            tail.push(1, Batch::sample(event, 1000));
        }
        tail.mark_stored(1);
        let kept = |tail: &Tail| tail.page(0, usize::MAX).len();
        tail.share(1);
        assert_eq!(kept(&tail), MOST_BYTES / 1000);
        tail.share(10_000);
        assert_eq!(kept(&tail), KEPT_BYTES / 1000);
        for event in 301..=310 {
            tail.push(2, Batch::sample(event, 4 * KEPT_BYTES));
        }
        assert_eq!(kept(&tail), 10, "what the database does not have is all there");
        tail.mark_stored(2);
        assert_eq!(kept(&tail), 1, "the newest is always there");
    }
}
