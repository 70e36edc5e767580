use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{BufMut, Bytes, BytesMut};
use futures::future::poll_fn;
use protocol::Event;
use store::{Appended, Batch, LOCAL_NODE, LogWriter, Resumed, Store};
use tokio::time::{Sleep, sleep};

use crate::{log_memory::KEPT_BYTES, running::RunningGeneration};

/// How many characters may follow one checkpoint before a commit begins with the next.
const CHECKPOINT_CHARS: usize = 2_000;

/// How long a commit may take once it is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much of the log lies in one piece of memory.
const CHUNK_BYTES: usize = 4096;

/// How long a batch becomes at most, but for the event that exceeds it: viewers get batches whole.
const BATCH_BYTES: usize = 64 * 1024;

/// How far the snapshot may lag behind the log: no further than the log surely keeps in memory.
const SNAPSHOT_LAG_BYTES: usize = KEPT_BYTES;

/// Writes a running generation's events into its log, where viewers see them once they are
/// committed. One commit is under way at most; what comes meanwhile waits for the next.
pub(crate) struct Recorder {
    store: Arc<dyn Store>,
    writer: Box<dyn LogWriter>,
    running: Arc<RunningGeneration>,
    commit: CommitState,
    /// The deadline of the commit that is waited for.
    overdue: Option<Pin<Box<Sleep>>>,
    /// Characters since the last checkpoint.
    unchecked: usize,
    /// Bytes since the snapshot was brought up to date.
    snapshot_lag: usize,
    /// Where the next frames go, behind those before: one allocation serves many.
    frames: BytesMut,
}

/// What is known of the last commit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CommitState {
    /// What became of it.
    Done,
    UnderWay,
    /// It took too long: whether it is in the log is for the store to say.
    InDoubt,
}

impl Recorder {
    /// Goes on with the log of `running`, which `writer` writes.
    pub(crate) fn new(
        store: Arc<dyn Store>,
        writer: Box<dyn LogWriter>,
        running: Arc<RunningGeneration>,
    ) -> Self {
        Self {
            store,
            writer,
            running,
            commit: CommitState::Done,
            overdue: None,
            unchecked: 0,
            snapshot_lag: 0,
            frames: BytesMut::with_capacity(CHUNK_BYTES),
        }
    }

    /// The generation whose events are written.
    pub(crate) fn running(&self) -> &Arc<RunningGeneration> {
        &self.running
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
        self.running.log.append(&*self.writer, batch)?;
        self.commit = CommitState::UnderWay;
        Poll::Ready(Ok(()))
    }

    /// Commits the last event, behind a checkpoint.
    pub(crate) async fn end(&mut self, terminal: &Event) -> Result<(), store::Error> {
        if self.commit == CommitState::InDoubt {
            self.take_over().await?;
        }
        let events = vec![Event::Checkpoint(self.running.checkpoint()), terminal.clone()];
        let ending = self.running.ending(&events);
        let batch = batch(self.running.log.head().cursor + 1, &events);
        self.writer.end(batch.clone(), &ending).await?;
        self.running.log.end(batch);
        Ok(())
    }

    /// Takes the log over from the commit that took too long: from here on it is in the log or
    /// never will be. If it is, it is shown.
    async fn take_over(&mut self) -> Result<(), store::Error> {
        let log = &self.running.log;
        let Resumed { writer, cursor } = self.store.resume(LOCAL_NODE, log.id()).await?;
        self.writer = writer;
        while log.head().cursor < cursor {
            let missing = self.store.read(log.id(), log.head().cursor, BATCH_BYTES).await?;
            if missing.is_empty() {
                return Err(store::Error::Corrupt);
            }
            missing.into_iter().for_each(|batch| log.committed(batch));
        }
        self.commit = CommitState::Done;
        Ok(())
    }

    fn poll_committed(&mut self, context: &mut Context<'_>) -> Poll<Result<(), store::Error>> {
        match self.commit {
            CommitState::Done => return Poll::Ready(Ok(())),
            CommitState::InDoubt => return Poll::Ready(Err(store::Error::Busy)),
            CommitState::UnderWay => {}
        }
        let appended = self.running.log.poll_appended(context);
        if appended.is_pending() {
            let overdue = self.overdue.get_or_insert_with(|| Box::pin(sleep(PATIENCE)));
            ready!(overdue.as_mut().poll(context));
            self.commit = CommitState::InDoubt;
            return Poll::Ready(Err(store::Error::Busy));
        }
        self.commit = CommitState::Done;
        self.overdue = None;
        appended
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

#[cfg(test)]
mod tests {
    use protocol::{FieldDelta, FieldStarted, Frames, Kind, Snapshot};
    use store::{Created, Error, Record, memory::MemoryStore};

    use super::*;
    use crate::{log::Log, log_memory::LogMemory};

    /// Has a store write, and says nothing of it.
    struct Silent(Box<dyn LogWriter>);

    struct Nobody;

    #[async_trait::async_trait]
    impl LogWriter for Silent {
        fn append(&self, batch: Batch, _: Arc<dyn Appended>) -> Result<(), Error> {
            self.0.append(batch, Arc::new(Nobody))
        }

        async fn end(&self, last: Batch, snapshot: &Snapshot) -> Result<(), Error> {
            self.0.end(last, snapshot).await
        }
    }

    impl Appended for Nobody {
        fn committed(&self, _: Batch) {}

        fn failed(&self, _: Error) {}
    }

    /// The answer may be lost, or late: what is in the log is shown, and the end follows it.
    #[tokio::test(start_paused = true)]
    async fn what_was_committed_though_nobody_said_so_is_shown_before_the_end() {
        let store = Arc::new(MemoryStore::default());
        let snapshot = Snapshot { id: "g".to_owned(), cursor: 1, ..Snapshot::default() };
        let first = batch(1, &[Event::Stopped {}]);
        let log = Arc::new(Log::new("g", first.clone(), &LogMemory::default()));
        let (owner, node, input) = (String::new(), LOCAL_NODE.to_owned(), String::new());
        let record =
            Record { snapshot: snapshot.clone(), owner, node, input, idempotency: None, first };
        let Created::New(writer) = store.create(record).await.unwrap() else { panic!("exists") };
        let running = RunningGeneration::new(String::new(), snapshot, Arc::clone(&log));
        let writer = Box::new(Silent(writer));
        let mut recorder = Recorder::new(Arc::clone(&store) as _, writer, Arc::new(running));

        let path = "/title".to_owned();
        let events = vec![
            Event::FieldStarted(FieldStarted { path: path.clone(), kind: Kind::Text }),
            Event::FieldDelta(FieldDelta { path, text: "Late".to_owned() }),
        ];
        assert!(matches!(recorder.record(events).await, Err(Error::Busy)));
        assert_eq!(log.head().cursor, 1, "nobody knows yet");
        recorder.end(&Event::Stopped {}).await.unwrap();

        assert_eq!(log.head(), store::Head { cursor: 5, ended: true });
        let shown: Vec<u64> =
            log.since(1).iter().flat_map(|it| Frames::new(&it.frames).map(|it| it.id)).collect();
        assert_eq!(shown, [2, 3, 4, 5]);
        let saved = store.snapshot("", "g").await.unwrap().unwrap();
        assert_eq!((saved.text("title"), saved.cursor), ("Late", 5));
    }
}
