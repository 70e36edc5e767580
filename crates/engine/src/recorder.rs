use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{BufMut, Bytes, BytesMut};
use futures::future::poll_fn;
use protocol::{Event, Shape, Status};
use store::{Batch, Store};
use tokio::time::{Sleep, sleep};

use crate::{engine::now_ms, running::RunningGeneration};

/// How many characters may follow one checkpoint before a commit begins with the next.
const CHECKPOINT_CHARS: usize = 2_000;

/// How long a commit may take once it is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much of the log lies in one piece of memory.
const CHUNK_BYTES: usize = 4096;

/// How long a batch becomes at most, but for the event that exceeds it: viewers get batches whole.
const BATCH_BYTES: usize = 64 * 1024;

/// How far the snapshot may lag behind the log: no further than the log surely keeps in memory.
const SNAPSHOT_LAG_BYTES: usize = store::KEPT_BYTES;

/// Writes a running generation's events into its log, where viewers see them once they are
/// committed. One commit is under way at most; what comes meanwhile waits for the next.
pub(crate) struct Recorder {
    store: Store,
    running: Arc<RunningGeneration>,
    /// Whether a commit is under way.
    is_under_way: bool,
    /// The deadline of the commit that is waited for.
    overdue: Option<Pin<Box<Sleep>>>,
    /// Characters since the last checkpoint.
    unchecked: usize,
    /// Bytes since the snapshot was brought up to date.
    snapshot_lag: usize,
    /// Where the next frames go, behind those before: one allocation serves many.
    frames: BytesMut,
}

impl Recorder {
    /// Goes on with the log of `running`.
    pub(crate) fn new(store: Store, running: Arc<RunningGeneration>) -> Self {
        Self {
            store,
            running,
            is_under_way: false,
            overdue: None,
            unchecked: 0,
            snapshot_lag: 0,
            frames: BytesMut::with_capacity(CHUNK_BYTES),
        }
    }

    /// Commits `events`, and what is under way.
    pub(crate) async fn record(&mut self, mut events: Vec<Event>) -> Result<(), store::Error> {
        while !events.is_empty() {
            poll_fn(|context| self.poll_record(&mut events, context)).await?;
        }
        self.wait_committed().await
    }

    /// Waits for the commit that is under way, if any.
    pub(crate) async fn wait_committed(&mut self) -> Result<(), store::Error> {
        poll_fn(|context| self.poll_committed(context)).await
    }

    /// Begins to commit `events`, if there are any, as soon as nothing else is under way: as many
    /// as one batch holds, and they are gone from there then.
    pub(crate) fn poll_record(
        &mut self,
        events: &mut Vec<Event>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), store::Error>> {
        if events.is_empty() {
            return Poll::Ready(Ok(()));
        }
        ready!(self.poll_committed(context))?;
        if self.unchecked >= CHECKPOINT_CHARS {
            self.unchecked = 0;
            events.insert(0, Event::Checkpoint(self.running.checkpoint()));
        }
        let batch = self.take_batch(events);
        let handed_in = self.store.append(&self.running.log, batch);
        self.is_under_way = handed_in.is_ok();
        Poll::Ready(handed_in)
    }

    /// Commits the last events. The end of a completed training makes its persona's next version.
    pub(crate) async fn end(&mut self, events: &[Event]) -> Result<(), store::Error> {
        let batch = self.take_batch(&mut events.to_vec());
        let ending = self.running.ending(events);
        let log = &self.running.log;
        if ending.status == Status::Completed && ending.shape == Shape::TRAINING.name {
            let profile = Shape::TRAINING.text_of(&ending).trim_end();
            return self.store.end_training(log, batch, &ending, profile, now_ms()).await;
        }
        self.store.end(log, batch, &ending).await
    }

    fn poll_committed(&mut self, context: &mut Context<'_>) -> Poll<Result<(), store::Error>> {
        if !self.is_under_way {
            return Poll::Ready(Ok(()));
        }
        let mut written = self.running.log.poll_written(context);
        if written.is_pending() {
            let overdue = self.overdue.get_or_insert_with(|| Box::pin(sleep(PATIENCE)));
            ready!(overdue.as_mut().poll(context));
            self.running.log.begin_to_end();
            written = Poll::Ready(Err(store::Error::Busy));
        }
        self.is_under_way = false;
        self.overdue = None;
        written
    }

    /// Takes as many of `events` as one batch holds, as what follows in the log. Brings the snapshot
    /// up to date when it lags far behind.
    fn take_batch(&mut self, events: &mut Vec<Event>) -> Batch {
        let first = self.running.log.head().cursor + 1;
        let (mut last, mut count) = (first, 0);
        for (id, event) in (first..).zip(&*events) {
            if self.frames.len() >= BATCH_BYTES {
                break;
            }
            protocol::encode(id, event, &mut (&mut self.frames).writer());
            self.unchecked += chars(event);
            (last, count) = (id, count + 1);
        }
        events.drain(..count);
        let batch = Batch { first, last, frames: self.take_frames() };
        self.snapshot_lag += batch.frames.len();
        if self.snapshot_lag > SNAPSHOT_LAG_BYTES {
            self.running.catch_up();
            self.snapshot_lag = batch.frames.len();
        }
        batch
    }

    /// What was encoded. A piece of memory that has grown for it is not kept for what follows.
    fn take_frames(&mut self) -> Bytes {
        let frames = self.frames.split();
        if self.frames.capacity() <= CHUNK_BYTES {
            return frames.freeze();
        }
        self.frames = BytesMut::with_capacity(CHUNK_BYTES);
        Bytes::copy_from_slice(&frames)
    }
}

fn chars(event: &Event) -> usize {
    match event {
        Event::FieldDelta(delta) => delta.text.chars().count(),
        _ => 0,
    }
}

/// `events` as a batch whose first event has the id `first`.
pub(crate) fn batch(first: u64, events: &[Event]) -> Batch {
    let mut frames = Vec::new();
    let mut last = first;
    for (id, event) in (first..).zip(events) {
        protocol::encode(id, event, &mut frames);
        last = id;
    }
    Batch { first, last, frames: frames.into() }
}
