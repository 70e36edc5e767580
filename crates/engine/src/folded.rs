use protocol::{Checkpoint, Document, Event, Frames, Snapshot, Status};
use store::LISTED_TITLE_CHARS;

/// What a log amounts to, up to one of its events.
#[derive(Clone)]
pub(crate) struct Folded {
    /// All but the document.
    snapshot: Snapshot,
    document: Document,
}

impl Folded {
    /// A log that amounts to `snapshot`, which has no document yet.
    pub(crate) fn new(snapshot: Snapshot) -> Self {
        Self { snapshot, document: Document::default() }
    }

    /// Id of the last event that is in it.
    pub(crate) fn cursor(&self) -> u64 {
        self.snapshot.cursor
    }

    /// Folds `frames`, of which the last has the id `cursor`.
    pub(crate) fn fold_frames(&mut self, frames: &[u8], cursor: u64) {
        let events: Vec<_> = Frames::new(frames).filter_map(|frame| frame.event().ok()).collect();
        self.fold(&events, cursor);
    }

    /// Folds `events`, of which the last has the id `cursor`.
    pub(crate) fn fold(&mut self, events: &[Event], cursor: u64) {
        let snapshot = &mut self.snapshot;
        for event in events {
            // The composer has opened every field before: it fits.
            let _ = self.document.fold(event);
            match event {
                Event::Progress(progress) => snapshot.progress = Some(progress.clone()),
                Event::Reasoning(reasoning) => snapshot.reasoning.push_str(&reasoning.text),
                Event::Completed(completed) => {
                    snapshot.status = Status::Completed;
                    snapshot.usage = completed.usage;
                    snapshot.timings = Some(completed.timings);
                    snapshot.coverage = Some(completed.coverage);
                }
                Event::Stopped {} => snapshot.status = Status::Stopped,
                Event::Failed(failure) => {
                    snapshot.status = Status::Failed;
                    snapshot.error = Some(failure.clone());
                }
                _ => {}
            }
            if event.is_terminal() {
                snapshot.progress = None;
            }
        }
        snapshot.cursor = cursor;
    }

    /// Length and hash of the document.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        self.document.checkpoint()
    }

    /// Its status and its title, as long as a line of the history shows it.
    pub(crate) fn listed(&self) -> (Status, String) {
        let title = self.document.text("title").unwrap_or_default();
        (self.snapshot.status, title.chars().take(LISTED_TITLE_CHARS).collect())
    }

    /// All of it.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let mut snapshot = self.snapshot.clone();
        snapshot.document = self.document.root().clone();
        snapshot.completed = self.document.completed().to_vec();
        snapshot
    }
}
