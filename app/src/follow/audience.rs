use std::collections::BTreeMap;

use super::{
    message::{Batch, Message, RawEvent},
    now::Now,
};

/// The least time between two batches, in milliseconds: a frame.
const FRAME_MS: u64 = 16;
/// How long a follower counts that says nothing, in milliseconds. The timers of tabs that are hidden
/// for long run once a minute.
const PRESENCE_MS: u64 = 150_000;

/// Who listens to a leader, and what has yet to be posted to them.
#[derive(Debug, Default)]
pub(super) struct Audience {
    /// When each follower last said that it is there, by its tab's number.
    seen_ms: BTreeMap<u64, u64>,
    batch: Batch,
    /// When a batch may be posted.
    free_ms: u64,
}

impl Audience {
    pub(super) fn is_empty(&self) -> bool {
        self.seen_ms.is_empty()
    }

    /// Takes note of a follower.
    pub(super) fn note(&mut self, tab: u64, now: Now) {
        self.seen_ms.insert(tab, now.clock_ms);
    }

    pub(super) fn forget(&mut self, tab: u64) {
        self.retain(|known, _| known != tab);
    }

    /// Keeps some of the followers, and what waits for them.
    fn retain(&mut self, keeps: impl Fn(u64, u64) -> bool) {
        self.seen_ms.retain(|tab, seen_ms| keeps(*tab, *seen_ms));
        if self.is_empty() {
            self.batch = Batch::default();
        }
    }

    /// Takes an event that follows the one with id `after`, if anybody listens.
    pub(super) fn push(&mut self, after: u64, event: RawEvent, now: Now) {
        self.retain(|_, seen_ms| now.clock_ms - seen_ms < PRESENCE_MS);
        if self.is_empty() {
            return;
        }
        if self.batch.events.is_empty() {
            self.batch.after = after;
        }
        self.batch.events.push(event);
    }

    /// When there is something to post, and may be.
    pub(super) fn due_ms(&self) -> Option<u64> {
        (!self.batch.events.is_empty()).then_some(self.free_ms)
    }

    /// What is to be posted.
    pub(super) fn take(&mut self, now: Now) -> Option<Message> {
        let batch = std::mem::take(&mut self.batch);
        self.free_ms = now.clock_ms + FRAME_MS;
        (!batch.events.is_empty()).then_some(Message::Events(batch))
    }
}
