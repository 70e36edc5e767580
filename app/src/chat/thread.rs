use std::collections::HashSet;

use protocol::{
    Status,
    conversation::{Blocks, Conversation, Event, LeafChanged, Started, TitleChanged, UserMessage},
};

use super::Sent;

/// How many events are kept for a snapshot that is being fetched.
const MOST_EVENTS: usize = 20_000;

/// A conversation as one tab knows it.
#[derive(Debug)]
pub(crate) struct Thread {
    conversation: Conversation,
    /// The replies of which every piece has been received.
    followed: HashSet<String>,
    /// The events that were received since the stream began anew, until the snapshot has arrived that
    /// was fetched afterwards.
    since: Option<Vec<Event>>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Applied,
    /// It is about another conversation, or says nothing new.
    Ignored,
    /// It does not fit, as something was missed.
    Lost,
}

impl Thread {
    pub(crate) fn new(conversation: Conversation) -> Self {
        Self { conversation, followed: HashSet::new(), since: None }
    }

    pub(crate) fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// Whether a reply is being written.
    pub(super) fn is_running(&self) -> bool {
        self.conversation.running().is_some()
    }

    /// Where a stream goes on from the conversation as it was loaded. None when a reply is being
    /// written, whose pieces are wanted from the beginning.
    pub(super) fn cursor(&self) -> Option<String> {
        let cursor = &self.conversation.cursor;
        (!cursor.is_empty() && !self.is_running()).then(|| cursor.clone())
    }

    /// Whether it waits for the snapshot that is to be fetched once the stream has begun anew.
    pub(super) fn awaits_snapshot(&self) -> bool {
        self.since.is_some()
    }

    /// The stream begins anew: what came in between is unknown until the snapshot has arrived.
    pub(super) fn restart(&mut self) {
        self.followed.clear();
        self.since = Some(Vec::new());
    }

    /// Takes an event of the stream.
    pub(super) fn take(&mut self, event: &Event) -> Step {
        if event.conversation_id() != Some(&self.conversation.id) {
            return Step::Ignored;
        }
        let step = self.apply(event);
        if step == Step::Applied
            && let Some(since) = &mut self.since
        {
            if since.len() == MOST_EVENTS {
                return Step::Lost;
            }
            since.push(event.clone());
        }
        step
    }

    fn apply(&mut self, event: &Event) -> Step {
        match event {
            Event::Snapshot(fresh) => {
                self.replace((**fresh).clone());
                self.followed.extend(self.conversation.running().map(|reply| reply.id.clone()));
                return Step::Applied;
            }
            Event::Started(started) => {
                self.followed.insert(started.message_id.clone());
            }
            Event::Chunk(chunk) if !self.follows(&chunk.message_id) => {
                return self.unfit(&chunk.message_id);
            }
            Event::Blocks(blocks) if !self.follows(&blocks.message_id) => {
                return self.unfit(&blocks.message_id);
            }
            Event::PassagesChosen(chosen) if !self.follows(&chosen.message_id) => {
                return self.unfit(&chosen.message_id);
            }
            _ => {}
        }
        self.conversation.apply(event);
        match event {
            // The reducer drops the blocks where operations do not fit.
            Event::Blocks(Blocks { message_id, edits, .. }) if !edits.is_empty() => {
                let reply = self.conversation.message(message_id);
                let fits = reply.is_some_and(|reply| reply.blocks.is_some());
                if fits { Step::Applied } else { Step::Lost }
            }
            _ => Step::Applied,
        }
    }

    fn follows(&self, reply_id: &str) -> bool {
        self.followed.contains(reply_id)
    }

    /// What to make of a piece that cannot be applied.
    fn unfit(&self, reply_id: &str) -> Step {
        let reply = self.conversation.message(reply_id);
        match reply.is_none_or(|reply| reply.status == Status::Running) {
            true => Step::Lost,
            false => Step::Ignored,
        }
    }

    /// Takes the snapshot that was fetched after the stream had begun anew.
    pub(super) fn merge(&mut self, fresh: Conversation) {
        self.replace(fresh);
        for event in self.since.take().unwrap_or_default() {
            self.apply(&event);
        }
    }

    /// Puts a snapshot in place of what is here, but for messages that are older than those in it.
    pub(super) fn replace(&mut self, mut fresh: Conversation) {
        let own = &mut self.conversation;
        let first = fresh.messages.first().map(|message| message.id.as_str());
        let known = own.messages.iter().position(|message| Some(message.id.as_str()) == first);
        if let Some(older) = known.filter(|older| *older > 0) {
            own.messages.truncate(older);
            own.messages.append(&mut fresh.messages);
            std::mem::swap(&mut fresh.messages, &mut own.messages);
            fresh.next = own.next.take();
        }
        self.conversation = fresh;
        self.followed.clear();
    }

    /// Whether a snapshot has what no event has brought.
    pub(super) fn is_behind(&self, fresh: &Conversation) -> bool {
        let own = &self.conversation;
        let last = |all: &Conversation| {
            let last = all.messages.last()?;
            Some((last.id.clone(), last.status))
        };
        let written = |all: &Conversation| all.running().map(|reply| reply.content.len());
        (&own.title, &own.leaf_id) != (&fresh.title, &fresh.leaf_id)
            || last(own) != last(fresh)
            || written(fresh) > written(own)
    }

    /// Takes the text of a reply that has failed: its end does not tell it.
    pub(super) fn fill_failed(&mut self, fresh: &Conversation) {
        let own = &mut self.conversation.messages;
        let failed = own.iter_mut().filter(|message| message.status == Status::Failed);
        for message in failed.filter(|message| message.content.is_empty()) {
            if let Some(known) = fresh.message(&message.id) {
                message.content.clone_from(&known.content);
            }
        }
    }

    /// Adds messages from before those that are here.
    pub(super) fn prepend(&mut self, mut older: Conversation) {
        let own = &mut self.conversation;
        older.messages.retain(|message| own.message(&message.id).is_none());
        older.messages.append(&mut own.messages);
        own.messages = older.messages;
        own.next = older.next;
    }

    /// Shows a turn that was begun here, before its events arrive.
    pub(crate) fn begin(&mut self, sent: Sent) {
        let Sent { turn, message, sent_ms } = sent;
        let conversation_id = turn.conversation_id;
        if let Some((content, parent_id)) = message {
            self.conversation.apply(&Event::UserMessage(UserMessage {
                conversation_id: conversation_id.clone(),
                message_id: turn.message_id.clone(),
                parent_id,
                content,
                created_ms: sent_ms,
                ..UserMessage::default()
            }));
        }
        // Its events may have been faster than the answer.
        if self.conversation.message(&turn.reply_id).is_none() {
            self.conversation.apply(&Event::Started(Started {
                conversation_id,
                message_id: turn.reply_id,
                parent_id: Some(turn.message_id),
                digital_human_id: self.conversation.persona_id.clone(),
                created_ms: sent_ms,
                ..Started::default()
            }));
        }
    }

    pub(super) fn choose_leaf(&mut self, leaf_id: String) {
        let conversation_id = self.conversation.id.clone();
        self.conversation.apply(&Event::LeafChanged(LeafChanged { conversation_id, leaf_id }));
    }

    pub(super) fn choose_title(&mut self, title: String) {
        let conversation_id = self.conversation.id.clone();
        self.conversation.apply(&Event::TitleChanged(TitleChanged { conversation_id, title }));
    }
}
