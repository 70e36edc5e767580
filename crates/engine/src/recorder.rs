use std::sync::Arc;

use futures::{FutureExt, future::BoxFuture};
use protocol::Event;
use store::{Batch, Store};

use crate::live::Live;

/// Writes a running generation's events: commits them, then shows them. One commit is under way at
/// most; what comes meanwhile waits for the next.
pub(crate) struct Recorder {
    id: Arc<str>,
    store: Store,
    live: Arc<Live>,
    /// Id of the next event.
    next: u64,
    under_way: Option<Commit>,
}

/// Events on their way into the log.
struct Commit {
    events: Vec<Event>,
    batch: Batch,
    appended: BoxFuture<'static, Result<(), store::Error>>,
}

impl Recorder {
    /// Goes on after the event `cursor`.
    pub(crate) fn new(id: &str, store: Store, live: Arc<Live>, cursor: u64) -> Self {
        Self { id: id.into(), store, live, next: cursor + 1, under_way: None }
    }

    /// Commits `events` and then shows them to viewers. None, none are shown on an error.
    pub(crate) async fn record(&mut self, events: Vec<Event>) -> Result<(), store::Error> {
        self.settle().await?;
        self.begin(events);
        self.settle().await
    }

    /// Whether no commit is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.under_way.is_none()
    }

    /// Begins to commit `events`, if any; nothing else may be under way.
    pub(crate) fn begin(&mut self, events: Vec<Event>) {
        let Some(batch) = batch(self.next, &events) else { return };
        let ends = events.last().is_some_and(Event::is_terminal);
        let ending = ends.then(|| self.live.ending(&events, batch.last));
        let (store, id, appended) = (self.store.clone(), Arc::clone(&self.id), batch.clone());
        let appended = async move { store.append(&id, appended, ending).await }.boxed();
        self.under_way = Some(Commit { events, batch, appended });
    }

    /// Waits for the commit that is under way, if any, and shows its events. May be dropped while
    /// it waits: the commit goes on with the next call.
    pub(crate) async fn settle(&mut self) -> Result<(), store::Error> {
        let Some(commit) = &mut self.under_way else { return Ok(()) };
        let appended = (&mut commit.appended).await;
        if let Some(Commit { events, batch, .. }) = self.under_way.take() {
            appended?;
            self.next = batch.last + 1;
            self.live.publish(&events, batch);
        }
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
