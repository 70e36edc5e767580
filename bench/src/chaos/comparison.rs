use std::collections::HashMap;

use anyhow::Result;
use protocol::{Document, Event, Frame, Frames, Snapshot};
use store::{Store, sqlite::SqliteStore};
use test_support::Unspool;

use super::{
    received::{Received, hash},
    run::Run,
    tally::Violation,
};

/// How many bytes of a log are read at once.
const PAGE_BYTES: usize = 1 << 20;

/// Compares the logs, read from the data folder after the server was killed, with what viewers
/// received and with the server's last snapshots.
pub(super) async fn compare(run: &Run, server: Unspool) -> Result<()> {
    let client = server.client();
    let mut received: HashMap<String, Vec<Received>> = HashMap::new();
    for viewing in run.take_received() {
        received.entry(viewing.id.clone()).or_default().push(viewing);
    }
    let mut snapshots = HashMap::new();
    for id in run.all() {
        // First to its end, which it may not have come to yet.
        let replay = replay(run, client.follow(&id, 0).await, &id).await;
        let snapshot = client.get(&format!("/api/generations/{id}")).await;
        received.entry(id.clone()).or_default().push(replay);
        snapshots.insert(id, serde_json::from_slice::<Snapshot>(&snapshot.body).ok());
    }
    let data = server.data();
    let launch = server.kill().await;
    let store = SqliteStore::open(&data)?;
    for (id, snapshot) in snapshots {
        let log = Log::read(&store, &id).await?;
        log.check(run, &id, snapshot.as_ref());
        for viewing in received.remove(&id).unwrap_or_default() {
            log.check_viewing(run, &viewing);
        }
    }
    store.close().await;
    // The launch owns the data folder, which is removed with it.
    drop(launch);
    Ok(())
}

/// Reads the whole stream of a generation that has ended.
async fn replay(run: &Run, mut stream: test_support::EventStream, id: &str) -> Received {
    let mut received = Received::new(id.to_owned());
    while let Ok(Some(message)) = stream.advance().await {
        received.push(&message);
    }
    if stream.is_broken() {
        run.tally.violation(Violation::Lost, || format!("{id} cannot be read again"));
    }
    received
}

/// A log as it is stored.
struct Log {
    /// All frames, one after the other.
    bytes: Vec<u8>,
    /// The frame of event `n` is `bytes[offsets[n - 1]..offsets[n]]`.
    offsets: Vec<usize>,
    document: Document,
    terminals: usize,
    /// How many holes, frames that cannot be read, and events that do not fit the document there are.
    defects: usize,
}

impl Log {
    fn empty() -> Self {
        Self {
            bytes: Vec::new(),
            offsets: vec![0],
            document: Document::default(),
            terminals: 0,
            defects: 0,
        }
    }

    async fn read(store: &dyn Store, id: &str) -> Result<Self> {
        let mut log = Self::empty();
        loop {
            let page = store.read(id, log.last(), PAGE_BYTES).await?;
            if page.is_empty() {
                return Ok(log);
            }
            for batch in page {
                Frames::new(&batch.frames).for_each(|frame| log.add(&frame));
                log.defects += usize::from(log.last() != batch.last);
                anyhow::ensure!(log.last() >= batch.last, "{id}: a frame cannot be read");
            }
        }
    }

    fn last(&self) -> u64 {
        self.offsets.len() as u64 - 1
    }

    fn add(&mut self, frame: &Frame<'_>) {
        self.defects += usize::from(frame.id != self.last() + 1 || self.terminals > 0);
        match frame.event() {
            Ok(event) => {
                self.terminals += usize::from(event.is_terminal());
                self.defects += usize::from(self.document.apply(&event).is_err());
                if let Event::Checkpoint(checkpoint) = event {
                    self.defects += usize::from(checkpoint != self.document.checkpoint());
                }
            }
            Err(_) => self.defects += 1,
        }
        self.bytes.extend_from_slice(frame.wire.as_bytes());
        self.offsets.push(self.bytes.len());
    }

    /// Checks the log itself, and that the snapshot agrees with it.
    fn check(&self, run: &Run, id: &str, snapshot: Option<&Snapshot>) {
        if self.terminals != 1 || self.defects > 0 {
            let description =
                || format!("{id}: {} terminal events, {} defects", self.terminals, self.defects);
            run.tally.violation(Violation::Malformed, description);
        }
        let agrees = snapshot.is_some_and(|snapshot| {
            snapshot.cursor == self.last() && snapshot.document == self.document
        });
        if !agrees {
            let description = || format!("{id}: the snapshot is not what its log says");
            run.tally.violation(Violation::Differing, description);
        }
    }

    /// Checks what one viewer received. Each event must be as in the log, or be several neighbouring
    /// deltas of the log merged into one, and none may be left out.
    fn check_viewing(&self, run: &Run, received: &Received) {
        let mut cursor = 0;
        for &(event, bytes) in &received.events {
            // A repeated event was counted when it arrived.
            if event > cursor && !self.is_next(cursor, event, bytes) {
                let description = || format!("{}: event {event} after {cursor}", received.id);
                run.tally.violation(Violation::Lost, description);
            }
            cursor = cursor.max(event);
        }
        if received.document.as_ref().is_some_and(|document| *document != self.document) {
            let description = || format!("{}: a viewer built another document", received.id);
            run.tally.violation(Violation::Differing, description);
        }
    }

    /// Whether the frame whose hash is `received` holds exactly the events after `cursor` up to
    /// `event`.
    fn is_next(&self, cursor: u64, event: u64, received: u64) -> bool {
        let offset = |event: u64| self.offsets.get(usize::try_from(event).ok()?).copied();
        let (Some(from), Some(to)) = (offset(cursor), offset(event)) else { return false };
        let bytes = &self.bytes[from..to];
        let is = |frame: &[u8]| std::str::from_utf8(frame).is_ok_and(|it| hash(it) == received);
        if event == cursor + 1 {
            return is(bytes);
        }
        let mut merged = Vec::with_capacity(bytes.len());
        protocol::merge(bytes, &mut merged);
        Frames::new(&merged).count() == 1 && is(&merged)
    }
}

#[cfg(test)]
mod tests {
    use protocol::{FieldCompleted, FieldDelta};

    use super::*;

    fn delta(text: &str) -> Event {
        Event::FieldDelta(FieldDelta { path: "/title".into(), text: text.into() })
    }

    fn wire(id: u64, event: &Event) -> String {
        let mut wire = Vec::new();
        protocol::encode(id, event, &mut wire);
        String::from_utf8(wire).unwrap()
    }

    fn log(events: &[Event]) -> Log {
        let mut log = Log::empty();
        let mut bytes = Vec::new();
        for (id, event) in (1..).zip(events) {
            protocol::encode(id, event, &mut bytes);
        }
        Frames::new(&bytes).for_each(|frame| log.add(&frame));
        log
    }

    #[test]
    fn what_was_seen_must_be_in_the_log_to_the_byte() {
        let log = log(&[delta("a"), delta("b"), delta("c")]);
        assert!(log.is_next(0, 1, hash(&wire(1, &delta("a")))));
        assert!(!log.is_next(0, 1, hash(&wire(1, &delta("A")))), "changed");
        assert!(!log.is_next(0, 2, hash(&wire(2, &delta("b")))), "one was left out");
        assert!(log.is_next(0, 2, hash(&wire(2, &delta("ab")))), "two as one");
        assert!(!log.is_next(3, 4, hash(&wire(4, &delta("d")))), "beyond the end");
    }

    #[test]
    fn only_deltas_become_one() {
        let done = Event::FieldCompleted(FieldCompleted { path: "/title".into() });
        let log = log(&[delta("a"), done.clone(), delta("b")]);
        assert!(!log.is_next(0, 2, hash(&wire(2, &done))));
        assert!(!log.is_next(0, 3, hash(&wire(3, &delta("ab")))));
    }
}
