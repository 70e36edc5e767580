use protocol::{
    Completed, Coverage, Event, FieldCompleted, FieldDelta, FieldStarted, Kind, Snapshot, Started,
    Timings,
};

use crate::follow::RawEvent;

/// A generation as the server has it.
pub(super) struct Log {
    events: Vec<Event>,
    pub(super) snapshot: Snapshot,
    pub(super) is_deleted: bool,
}

impl Log {
    /// One that has just been asked for.
    pub(super) fn new(id: String) -> Self {
        let snapshot = Snapshot { id, ..Snapshot::default() };
        Self { events: Vec::new(), snapshot, is_deleted: false }
    }

    /// Writes a title, and begins the summary.
    pub(super) fn begin(&mut self) {
        self.push(Event::Started(Started {
            generation_id: self.snapshot.id.clone(),
            provider: "fake".to_owned(),
            model: "fake".to_owned(),
            host: None,
            shape: "summary".to_owned(),
            input_chars: 100,
        }));
        self.start("/title");
        self.delta("/title", "The clock");
        self.push(Event::FieldCompleted(FieldCompleted { path: "/title".to_owned() }));
        self.start("/summary");
    }

    fn start(&mut self, path: &str) {
        self.push(Event::FieldStarted(FieldStarted { path: path.to_owned(), kind: Kind::Text }));
    }

    fn delta(&mut self, path: &str, text: &str) {
        let (path, text) = (path.to_owned(), text.to_owned());
        self.push(Event::FieldDelta(FieldDelta { path, text }));
    }

    /// Goes on with the summary.
    pub(super) fn write(&mut self, text: &str) {
        if self.snapshot.cursor == 0 {
            self.begin();
        }
        self.delta("/summary", text);
    }

    pub(super) fn checkpoint(&mut self) {
        self.push(Event::Checkpoint(self.snapshot.document.checkpoint()));
    }

    pub(super) fn complete(&mut self) {
        self.checkpoint();
        self.push(Event::Completed(Box::new(Completed {
            finish_reason: "stop".to_owned(),
            usage: None,
            timings: Timings::default(),
            coverage: Coverage::default(),
        })));
    }

    pub(super) fn stop(&mut self) {
        self.checkpoint();
        self.push(Event::Stopped {});
    }

    fn push(&mut self, event: Event) {
        let id = self.snapshot.cursor + 1;
        self.snapshot.apply(id, &event).expect("it fits");
        self.events.push(event);
    }

    /// What a stream sends after the event `cursor`. Where `merges` says so, a delta becomes one
    /// with that before it.
    pub(super) fn after(&self, cursor: u64, mut merges: impl FnMut() -> bool) -> Vec<RawEvent> {
        let mut sent: Vec<(u64, Event)> = Vec::new();
        for (at, event) in self.events.iter().enumerate().skip(usize::try_from(cursor).unwrap()) {
            let id = at as u64 + 1;
            match (sent.last_mut(), event) {
                (Some((last_id, Event::FieldDelta(last))), Event::FieldDelta(next))
                    if last.path == next.path && merges() =>
                {
                    last.text.push_str(&next.text);
                    *last_id = id;
                }
                _ => sent.push((id, event.clone())),
            }
        }
        let raw = |(id, event): &(u64, Event)| RawEvent {
            id: *id,
            name: event.name(),
            data: serde_json::to_string(event).unwrap(),
        };
        sent.iter().map(raw).collect()
    }
}
