use std::sync::Arc;

use protocol::Event;
use store::{Batch, Store};

use crate::live::Live;

/// Writes a running generation's events: commits them, then shows them.
pub(crate) struct Recorder {
    id: String,
    store: Store,
    live: Arc<Live>,
    /// Id of the next event.
    next: u64,
}

impl Recorder {
    /// Goes on after the event `cursor`.
    pub(crate) fn new(id: String, store: Store, live: Arc<Live>, cursor: u64) -> Self {
        Self { id, store, live, next: cursor + 1 }
    }

    /// Commits `events` and then shows them to viewers. None, none are shown on an error.
    pub(crate) async fn record(&mut self, events: &[Event]) -> Result<(), store::Error> {
        let Some(batch) = batch(self.next, events) else { return Ok(()) };
        let ending = events
            .last()
            .is_some_and(Event::is_terminal)
            .then(|| self.live.ending(events, batch.last));
        self.store.append(&self.id, batch.clone(), ending).await?;
        self.next = batch.last + 1;
        self.live.publish(events, batch);
        Ok(())
    }
}

/// Encodes `events` as one batch whose first event has the id `first`.
pub(crate) fn batch(first: u64, events: &[Event]) -> Option<Batch> {
    let last = first + (events.len() as u64).checked_sub(1)?;
    let mut frames = Vec::with_capacity(events.len() * 96);
    for (id, event) in (first..).zip(events) {
        protocol::encode(id, event, &mut frames);
    }
    Some(Batch { first, last, frames: frames.into() })
}
