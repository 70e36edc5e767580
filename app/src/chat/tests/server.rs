use protocol::{
    Status,
    conversation::{
        Chunk, Completed, Connected, Conversation, Deleted, Event, Started, UserMessage,
    },
};

use crate::chat::RawEvent;

/// The conversation that the tabs follow.
pub(super) const ID: &str = "c";
/// Another one, whose events come on the same stream.
pub(super) const OTHER: &str = "o";

/// A server with a log of events. An event's id is its number in the log.
#[derive(Default)]
pub(super) struct Server {
    log: Vec<Event>,
}

impl Server {
    /// A user's message, and a reply that begins.
    pub(super) fn ask(&mut self, conversation_id: &str, message: &str, reply: &str) {
        let parent_id = self.snapshot(conversation_id).leaf_id;
        self.log.push(Event::UserMessage(UserMessage {
            conversation_id: conversation_id.into(),
            message_id: message.into(),
            parent_id,
            content: format!("{message}?"),
            ..UserMessage::default()
        }));
        self.log.push(Event::Started(Started {
            conversation_id: conversation_id.into(),
            message_id: reply.into(),
            parent_id: Some(message.into()),
            ..Started::default()
        }));
    }

    pub(super) fn write(&mut self, conversation_id: &str, text: &str) {
        let reply = self.snapshot(conversation_id).running().map(|reply| reply.id.clone());
        self.log.push(Event::Chunk(Chunk {
            conversation_id: conversation_id.into(),
            message_id: reply.expect("a reply runs"),
            content: text.into(),
        }));
    }

    pub(super) fn complete(&mut self, conversation_id: &str) {
        let snapshot = self.snapshot(conversation_id);
        let reply = snapshot.running().expect("a reply runs");
        self.log.push(Event::Completed(Box::new(Completed {
            conversation_id: conversation_id.into(),
            message_id: reply.id.clone(),
            final_content: reply.content.clone(),
            ..Completed::default()
        })));
    }

    pub(super) fn delete(&mut self) {
        self.log.push(Event::Deleted(Deleted { conversation_id: ID.into() }));
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.log.iter().any(|event| matches!(event, Event::Deleted(_)))
    }

    pub(super) fn is_running(&self) -> bool {
        self.snapshot(ID).running().is_some()
    }

    /// The conversation as it stands.
    pub(super) fn snapshot(&self, id: &str) -> Conversation {
        let mut conversation = Conversation { id: id.into(), ..Conversation::default() };
        self.log.iter().for_each(|event| conversation.apply(event));
        conversation.cursor = self.len().to_string();
        conversation
    }

    pub(super) fn len(&self) -> usize {
        self.log.len()
    }

    /// What a stream begins with, and where it goes on from.
    pub(super) fn open(&self, after: Option<&str>) -> (Vec<RawEvent>, usize) {
        let at = after.map_or(self.len(), |id| id.parse().expect("an id of this server"));
        let connected = Event::Connected(Connected { connection_id: "1".into() });
        let mut first = vec![raw(at, &connected)];
        if after.is_none() {
            for id in [ID, OTHER] {
                first.extend(self.running(id).into_iter().map(|event| raw(at, &event)));
            }
        }
        (first, at)
    }

    /// The events of a reply that is being written, from its beginning.
    fn running(&self, id: &str) -> Vec<Event> {
        let snapshot = self.snapshot(id);
        let Some(reply) = snapshot.running() else { return Vec::new() };
        assert_eq!(reply.status, Status::Running);
        let of_reply = |event: &&Event| match event {
            Event::Started(started) => started.message_id == reply.id,
            Event::Chunk(chunk) => chunk.message_id == reply.id,
            _ => false,
        };
        self.log.iter().filter(of_reply).cloned().collect()
    }

    /// The event after the first `at`, if there is one.
    pub(super) fn after(&self, at: usize) -> Option<RawEvent> {
        self.log.get(at).map(|event| raw(at + 1, event))
    }
}

fn raw(id: usize, event: &Event) -> RawEvent {
    let data = serde_json::to_string(event).expect("events are JSON");
    RawEvent { id: id.to_string(), name: event.name(), data }
}
