use std::sync::Arc;

use llm::{Chosen, Provider};
use protocol::{Break, Continued, Event, Frames, NewGeneration, Shape, Snapshot, Span};
use store::{Batch, LOCAL_NODE, LogWriter, Unfinished};

use crate::{
    Engine,
    assignment::Assignment,
    document_reader::{DocumentAssignment, PartNotes},
    failure,
    queue::QueueSlot,
    recorder::{self, Recorder},
    running::{apply, apply_frames},
};

/// How much of a log is read at once.
const PAGE_BYTES: usize = 1024 * 1024;

/// How often a generation is continued whose server was killed: it may be what kills the server.
const MOST_RESTARTS: usize = 3;

/// A log that was taken over from a killed server.
struct Left {
    owner: String,
    snapshot: Snapshot,
    writer: Box<dyn LogWriter>,
    /// Its last batch.
    newest: Batch,
    /// What was noted of the text.
    notes: Vec<PartNotes>,
    restarts: usize,
}

impl Engine {
    /// Goes on with every generation that this server left unfinished when it was killed, or ends
    /// it as `interrupted`.
    pub(crate) async fn recover(&self) -> Result<(), store::Error> {
        let (mut continued, mut ended) = (0, 0);
        for unfinished in self.shared.store.unfinished(LOCAL_NODE).await? {
            let left = self.take_over(unfinished).await?;
            match self.place_for(&left) {
                Some((slot, shape, provider)) => {
                    self.go_on(left, slot, shape, provider);
                    continued += 1;
                }
                None => {
                    interrupt(left).await?;
                    ended += 1;
                }
            }
        }
        if continued + ended > 0 {
            tracing::info!(continued, ended, "took over the generations that were interrupted");
        }
        Ok(())
    }

    /// Takes a log over: it is this server's from here on, and nobody else adds to what is read now.
    async fn take_over(&self, unfinished: Unfinished) -> Result<Left, store::Error> {
        let Unfinished { owner, mut snapshot } = unfinished;
        let store = &self.shared.store;
        let id = snapshot.id.clone();
        let resumed = store.resume(LOCAL_NODE, &id).await?;
        let (mut notes, mut restarts, mut newest) = (Vec::new(), 0, None);
        let mut cursor = 0;
        loop {
            let page = store.read(&id, cursor, PAGE_BYTES).await?;
            let Some(last) = page.last() else { break };
            cursor = last.last;
            newest = Some(last.clone());
            for batch in &page {
                apply_frames(&mut snapshot, &batch.frames);
                for event in Frames::new(&batch.frames).filter_map(|frame| frame.event().ok()) {
                    match event {
                        Event::PartRead(part) => notes.push(PartNotes {
                            span: Span { start: part.start, end: part.end },
                            text: part.notes,
                        }),
                        Event::Continued(Continued { reason: Break::Restarted }) => restarts += 1,
                        _ => {}
                    }
                }
            }
        }
        let newest = newest.ok_or(store::Error::Corrupt)?;
        Ok(Left { owner, snapshot, writer: resumed.writer, newest, notes, restarts })
    }

    /// A place in the queue for what can be continued: documents, by the provider that began them.
    fn place_for(&self, left: &Left) -> Option<(QueueSlot, Shape, Arc<dyn Provider>)> {
        let shared = &self.shared;
        let provider = shared.providers.named(&left.snapshot.provider)?;
        if !shared.resumes || left.restarts >= MOST_RESTARTS {
            return None;
        }
        let shape = match &left.snapshot.schema {
            Some(schema) => Shape::own(schema).ok()?,
            None => Shape::named(&left.snapshot.shape).cloned()?,
        };
        Some((shared.queue.enter()?, shape, Arc::clone(provider)))
    }

    fn go_on(&self, left: Left, slot: QueueSlot, shape: Shape, provider: Arc<dyn Provider>) {
        let shared = &self.shared;
        let Left { owner, snapshot, writer, newest, notes, .. } = left;
        let model = provider.takes_other_models().then(|| snapshot.model.clone());
        let model = model.filter(|model| model != provider.model());
        let chosen = Chosen { provider, model: model.clone() };
        let generation = NewGeneration {
            language: snapshot.language,
            length: snapshot.length,
            model,
            ..NewGeneration::default()
        };
        let document = DocumentAssignment { generation, shape: shape.clone(), known: notes };
        let (running, entry) = self.enter_at(&owner, &snapshot, newest);
        let recorder = Recorder::new(Arc::clone(&shared.store), writer, running);
        let mut runner = self.runner(chosen, Assignment::Document(document), shape, recorder, slot);
        runner.is_restarted = true;
        shared.tasks.spawn(async move {
            runner.run().await;
            drop(entry);
        });
    }
}

async fn interrupt(left: Left) -> Result<(), store::Error> {
    let Left { mut snapshot, writer, newest, .. } = left;
    let ending =
        [Event::Checkpoint(snapshot.document.checkpoint()), Event::Failed(failure::interrupted())];
    apply(&mut snapshot, &ending);
    writer.end(recorder::batch(newest.last + 1, &ending), &snapshot).await
}
