use std::collections::HashMap;

use anyhow::Result;
use protocol::{Document, Event, Frame, Frames, Snapshot};
use store::{Store, sqlite::SqliteStore};
use test_support::Unspool;

use super::{
    stage::{Seen, Stage},
    tally::Broken,
    viewer::hash,
};

/// How much of a log is read at once.
const PAGE_BYTES: usize = 1 << 20;

/// Compares all that was seen with the log itself, read from the data folder once the server has
/// ended, and the log with the server's snapshots.
pub(super) async fn compare(stage: &Stage, server: Unspool) -> Result<()> {
    let client = server.client();
    let mut seen: HashMap<String, Vec<Seen>> = HashMap::new();
    for viewing in stage.take_seen() {
        seen.entry(viewing.id.clone()).or_default().push(viewing);
    }
    let mut snapshots = HashMap::new();
    for id in stage.all() {
        let snapshot = client.get(&format!("/api/generations/{id}")).await;
        let fresh = fresh(stage, client.follow(&id, 0).await, &id).await;
        seen.entry(id.clone()).or_default().push(fresh);
        snapshots.insert(id, serde_json::from_slice::<Snapshot>(&snapshot.body).ok());
    }
    let data = server.data();
    let launch = server.kill().await;
    let store = SqliteStore::open(&data)?;
    for (id, snapshot) in snapshots {
        let log = Log::read(&store, &id).await?;
        log.check(stage, &id, snapshot.as_ref());
        for viewing in seen.remove(&id).unwrap_or_default() {
            log.check_viewing(stage, &viewing);
        }
    }
    store.close().await;
    drop(launch);
    Ok(())
}

/// The whole stream as the server gives it now.
async fn fresh(stage: &Stage, mut stream: test_support::EventStream, id: &str) -> Seen {
    let mut events = Vec::new();
    while let Ok(Some(message)) = stream.advance().await {
        let test_support::sse::Message { id, event, data, .. } = &message;
        let wire = format!("id: {id}\nevent: {event}\ndata: {data}\n\n");
        events.push((message.number(), hash(&wire)));
    }
    if stream.is_broken() {
        stage.tally.broken(Broken::Lost, || format!("{id} cannot be read again"));
    }
    Seen { id: id.to_owned(), events, document: None }
}

/// A log as it is stored.
struct Log {
    /// The frames, back to back.
    bytes: Vec<u8>,
    /// Where the frame of event 1, 2, 3 … begins; one more than there are.
    begins: Vec<usize>,
    document: Document,
    terminals: usize,
    /// Holes, frames that cannot be read, events that do not fit.
    faults: usize,
}

impl Log {
    async fn read(store: &dyn Store, id: &str) -> Result<Self> {
        let mut log = Self {
            bytes: Vec::new(),
            begins: vec![0],
            document: Document::default(),
            terminals: 0,
            faults: 0,
        };
        loop {
            let page = store.read(id, log.last(), PAGE_BYTES).await?;
            if page.is_empty() {
                return Ok(log);
            }
            for batch in page {
                Frames::new(&batch.frames).for_each(|frame| log.add(&frame));
                log.faults += usize::from(log.last() != batch.last);
                anyhow::ensure!(log.last() >= batch.last, "{id}: a frame cannot be read");
            }
        }
    }

    fn last(&self) -> u64 {
        self.begins.len() as u64 - 1
    }

    fn add(&mut self, frame: &Frame<'_>) {
        self.faults += usize::from(frame.id != self.last() + 1 || self.terminals > 0);
        match frame.event() {
            Ok(event) => {
                self.terminals += usize::from(event.is_terminal());
                self.faults += usize::from(self.document.apply(&event).is_err());
                if let Event::Checkpoint(checkpoint) = event {
                    self.faults += usize::from(checkpoint != self.document.checkpoint());
                }
            }
            Err(_) => self.faults += 1,
        }
        self.bytes.extend_from_slice(frame.wire.as_bytes());
        self.begins.push(self.bytes.len());
    }

    fn check(&self, stage: &Stage, id: &str, snapshot: Option<&Snapshot>) {
        if self.terminals != 1 || self.faults > 0 {
            let trouble =
                || format!("{id}: {} terminal events, {} faults", self.terminals, self.faults);
            stage.tally.broken(Broken::Malformed, trouble);
        }
        let agrees = snapshot.is_some_and(|snapshot| {
            snapshot.cursor == self.last() && snapshot.document == self.document
        });
        if !agrees {
            let trouble = || format!("{id}: the snapshot is not what its log says");
            stage.tally.broken(Broken::Differing, trouble);
        }
    }

    /// Each event must be the log's own, or its neighbouring deltas as one; from the first on
    /// without a gap.
    fn check_viewing(&self, stage: &Stage, seen: &Seen) {
        let mut cursor = 0;
        for &(event, bytes) in &seen.events {
            // What was repeated has been counted when it came.
            if event > cursor && !self.is_next(cursor, event, bytes) {
                let trouble = || format!("{}: event {event} after {cursor}", seen.id);
                stage.tally.broken(Broken::Lost, trouble);
            }
            cursor = cursor.max(event);
        }
        if seen.document.as_ref().is_some_and(|document| *document != self.document) {
            let trouble = || format!("{}: a viewer folded another document", seen.id);
            stage.tally.broken(Broken::Differing, trouble);
        }
    }

    /// Whether a frame that hashes to `seen` stands for exactly the events after `cursor` up to
    /// `event`.
    fn is_next(&self, cursor: u64, event: u64, seen: u64) -> bool {
        let begin = |event: u64| self.begins.get(usize::try_from(event).ok()?).copied();
        let (Some(from), Some(to)) = (begin(cursor), begin(event)) else { return false };
        let bytes = &self.bytes[from..to];
        let is = |wire: &[u8]| std::str::from_utf8(wire).is_ok_and(|wire| hash(wire) == seen);
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
        let mut log = Log {
            bytes: Vec::new(),
            begins: vec![0],
            document: Document::default(),
            terminals: 0,
            faults: 0,
        };
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
