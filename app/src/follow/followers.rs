use std::collections::BTreeMap;

use super::message::{Batch, Message, RawEvent};
use crate::now::Now;

/// The least time between two batches, in milliseconds. The page is not painted more often.
const FRAME_MS: u64 = 16;
/// How long after its last message a follower counts as gone, in milliseconds. In tabs that have been
/// hidden for long, browsers run timers only once a minute.
const FOLLOWER_TIMEOUT_MS: u64 = 150_000;

/// A leader's followers, and the events that are still to be posted to them.
#[derive(Debug, Default)]
pub(super) struct Followers {
    /// When each follower last posted something, by its tab's number.
    seen_ms: BTreeMap<u64, u64>,
    batch: Batch,
    /// When the next batch may be posted.
    next_batch_ms: u64,
}

impl Followers {
    pub(super) fn is_empty(&self) -> bool {
        self.seen_ms.is_empty()
    }

    /// Adds a follower, or notes that it still exists.
    pub(super) fn insert(&mut self, tab: u64, now: Now) {
        self.seen_ms.insert(tab, now.clock_ms);
    }

    pub(super) fn remove(&mut self, tab: u64) {
        self.retain(|known, _| known != tab);
    }

    /// Keeps the followers for which `keeps` holds. Without any, the waiting events are dropped, as a
    /// new follower gets a snapshot.
    fn retain(&mut self, keeps: impl Fn(u64, u64) -> bool) {
        self.seen_ms.retain(|tab, seen_ms| keeps(*tab, *seen_ms));
        if self.is_empty() {
            self.batch = Batch::default();
        }
    }

    /// Adds an event, which follows the one with id `after`, to the batch if there are followers.
    pub(super) fn push(&mut self, after: u64, event: RawEvent, now: Now) {
        self.retain(|_, seen_ms| now.clock_ms - seen_ms < FOLLOWER_TIMEOUT_MS);
        if self.is_empty() {
            return;
        }
        if self.batch.events.is_empty() {
            self.batch.after = after;
        }
        self.batch.events.push(event);
    }

    /// When the batch is to be posted, if there is one.
    pub(super) fn due_ms(&self) -> Option<u64> {
        (!self.batch.events.is_empty()).then_some(self.next_batch_ms)
    }

    /// Takes the batch that is to be posted.
    pub(super) fn take(&mut self, now: Now) -> Option<Message> {
        let batch = std::mem::take(&mut self.batch);
        self.next_batch_ms = now.clock_ms + FRAME_MS;
        (!batch.events.is_empty()).then_some(Message::Events(batch))
    }
}
