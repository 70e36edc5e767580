use std::task::{Context, Poll};

use protocol::{
    Event as LogEvent, Frames, Shape, Snapshot,
    conversation::{Chunk, Completed, Event, Failed, PassagesChosen, Started, Stopped},
};
use store::{Batch, ReplyEntry};

use crate::{Engine, running::apply_frames, subscription::Subscription};

/// How much of a log is read at once to find out what a viewer has.
const PAGE_BYTES: usize = 64 * 1024;

/// A reply whose log a viewer reads.
pub(super) struct FollowedReply {
    pub(super) entry: ReplyEntry,
    /// The last event whose meaning was given out.
    pub(super) event: u64,
    /// It has ended: it is read to its end before anything that happened later.
    pub(super) has_ended: bool,
    subscription: Box<Subscription>,
    path: String,
}

/// What an event of a reply means, with its id in the log.
pub(super) struct Step {
    pub(super) event: u64,
    pub(super) meaning: Meaning,
}

pub(super) enum Meaning {
    Event(Event),
    /// It has ended like this: what that means depends on the whole text.
    End(LogEvent),
}

/// The event with which a reply begins. It stands for the first one of its log, which says no more
/// than the entry does.
pub(super) fn begin(entry: &ReplyEntry) -> Event {
    Event::Started(Started {
        conversation_id: entry.conversation_id.clone(),
        message_id: entry.id.clone(),
        parent_id: entry.parent_id.clone(),
        model: entry.model.clone(),
        digital_human_id: entry.persona_id.clone(),
        created_ms: entry.created_ms,
    })
}

impl FollowedReply {
    pub(super) fn new(
        entry: ReplyEntry,
        event: u64,
        has_ended: bool,
        subscription: Subscription,
    ) -> Self {
        let path = Shape::REPLY.text_path();
        Self { entry, event, has_ended, subscription: Box::new(subscription), path }
    }

    /// Merges neighbouring chunks however few there are.
    pub(super) fn merge_always(&mut self) {
        self.subscription.merge_always();
    }

    /// The next events; none at the end of the log.
    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Batch>, store::Error>> {
        match self.subscription.poll_next(context) {
            // It was deleted meanwhile, or left without an end, which the next start gives it.
            Poll::Ready(Err(store::Error::UnknownGeneration | store::Error::Abandoned)) => {
                Poll::Ready(Ok(None))
            }
            polled => polled,
        }
    }

    /// What these events of its log mean in a conversation.
    pub(super) fn read(&self, batch: &Batch) -> Vec<Step> {
        let frames = Frames::new(&batch.frames);
        let steps = frames.filter_map(|frame| {
            let meaning = self.meaning(frame.event().ok()?)?;
            Some(Step { event: frame.id, meaning })
        });
        steps.collect()
    }

    fn meaning(&self, event: LogEvent) -> Option<Meaning> {
        let ReplyEntry { conversation_id, id, .. } = &self.entry;
        let (conversation_id, message_id) = (conversation_id.clone(), id.clone());
        Some(Meaning::Event(match event {
            LogEvent::PassagesChosen(chosen) => Event::PassagesChosen(PassagesChosen {
                conversation_id,
                message_id,
                passages: chosen.spans,
            }),
            LogEvent::FieldDelta(delta) if delta.path == self.path => {
                Event::Chunk(Chunk { conversation_id, message_id, content: delta.text })
            }
            event if event.is_terminal() => return Some(Meaning::End(event)),
            _ => return None,
        }))
    }

    /// The event with which the reply ends, all of it being `whole`.
    pub(super) fn end(&self, event: &LogEvent, whole: &Snapshot) -> Event {
        let ReplyEntry { conversation_id, id, .. } = &self.entry;
        let (conversation_id, message_id) = (conversation_id.clone(), id.clone());
        let final_content = Shape::REPLY.text_of(whole).to_owned();
        match event {
            LogEvent::Completed(completed) => Event::Completed(Box::new(Completed {
                conversation_id,
                message_id,
                final_content,
                coverage: Some(completed.coverage),
                passages: whole.passages.clone(),
                edits: Vec::new(),
            })),
            LogEvent::Failed(failure) => Event::Failed(Failed {
                conversation_id,
                message_id,
                error: failure.message.clone(),
                code: failure.code,
                retryable: failure.retryable,
                final_content,
                edits: Vec::new(),
            }),
            _ => Event::Stopped(Stopped {
                conversation_id,
                message_id,
                final_content,
                edits: Vec::new(),
            }),
        }
    }
}

/// The text of a reply up to that event of its log.
pub(super) async fn text_up_to(
    engine: &Engine,
    reply_id: &str,
    event: u64,
) -> Result<String, store::Error> {
    let store = &engine.shared.store;
    let mut snapshot = Snapshot::default();
    while snapshot.cursor < event {
        let page = store.read(reply_id, snapshot.cursor, PAGE_BYTES).await?;
        if page.is_empty() {
            break;
        }
        for batch in page {
            let wanted = Frames::new(&batch.frames).take_while(|frame| frame.id <= event);
            let bytes: usize = wanted.map(|frame| frame.wire.len()).sum();
            apply_frames(&mut snapshot, batch.frames.get(..bytes).unwrap_or_default());
            // What has no meaning for a document counts as well.
            snapshot.cursor = batch.last.min(event);
        }
    }
    Ok(Shape::REPLY.text_of(&snapshot).to_owned())
}
