use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Event, Message, Role, Started, UserMessage};
use crate::{Status, markdown::Edit};

/// A conversation as it stands: what the events of its stream up to `cursor` add up to.
///
/// [`apply`](Self::apply) is the one reducer, for the page and for other clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: String,
    /// Its title: from the first message until a model or the user has given it another.
    pub title: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When its last message began, in milliseconds since the Unix epoch.
    pub updated_ms: u64,
    /// The persona that answers next.
    pub persona_id: Option<String>,
    /// The generation whose text it is about.
    pub generation_id: Option<String>,
    /// That generation was deleted: nothing more can be read of its text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_source_deleted: bool,
    /// The last message of the branch that is shown.
    pub leaf_id: Option<String>,
    /// Its messages of all branches in the order in which they began: the newest, or those before
    /// the place that was asked for.
    pub messages: Vec<Message>,
    /// What to pass as `before` for the messages before these; none when there are none.
    pub next: Option<String>,
    /// Where a stream goes on from this.
    pub cursor: String,
}

impl Conversation {
    /// Applies one event of a conversation stream. An event about another conversation, or about a
    /// message that is not here, changes nothing, and one that comes again changes nothing more.
    /// `deleted` changes nothing either: whoever keeps the conversation drops it.
    pub fn apply(&mut self, event: &Event) {
        if event.conversation_id() != Some(&self.id) {
            return;
        }
        match event {
            Event::UserMessage(event) => self.add_user_message(event),
            Event::Started(event) => self.start_reply(event),
            Event::TitleChanged(event) => self.title.clone_from(&event.title),
            Event::LeafChanged(event) => self.leaf_id = Some(event.leaf_id.clone()),
            Event::Snapshot(conversation) => self.clone_from(conversation),
            Event::PassagesChosen(event) => {
                if let Some(reply) = self.reply(&event.message_id) {
                    reply.passages.clone_from(&event.passages);
                }
            }
            Event::Chunk(event) => {
                if let Some(reply) = self.reply(&event.message_id) {
                    reply.content.push_str(&event.content);
                }
            }
            Event::Blocks(event) => {
                if let Some(reply) = self.reply(&event.message_id) {
                    apply_edits(reply, &event.edits);
                }
            }
            Event::Completed(event) => {
                if let Some(reply) = self.reply(&event.message_id) {
                    apply_edits(reply, &event.edits);
                    reply.status = Status::Completed;
                    reply.content.clone_from(&event.final_content);
                    reply.coverage = event.coverage;
                    reply.passages.clone_from(&event.passages);
                }
            }
            Event::Stopped(event) => {
                if let Some(reply) = self.reply(&event.message_id) {
                    apply_edits(reply, &event.edits);
                    reply.status = Status::Stopped;
                    reply.content.clone_from(&event.final_content);
                }
            }
            Event::Failed(event) => {
                if let Some(reply) = self.reply(&event.message_id) {
                    apply_edits(reply, &event.edits);
                    reply.status = Status::Failed;
                    reply.content.clone_from(&event.final_content);
                    reply.error = Some(event.failure());
                }
            }
            Event::Connected(_) | Event::Deleted(_) => {}
        }
    }

    /// The message of that id.
    #[must_use]
    pub fn message(&self, id: &str) -> Option<&Message> {
        // The one that is asked for is nearly always among the last.
        self.messages.iter().rfind(|message| message.id == id)
    }

    /// The reply that is being written, if any.
    #[must_use]
    pub fn running(&self) -> Option<&Message> {
        self.messages.iter().rfind(|message| message.status == Status::Running)
    }

    /// The messages from the beginning to `leaf_id`, as far as they are here.
    #[must_use]
    pub fn branch(&self) -> Vec<&Message> {
        let mut branch: Vec<&Message> = Vec::new();
        let mut wanted = self.leaf_id.as_deref();
        // A parent always begins before its children, so one walk finds them all.
        for message in self.messages.iter().rev() {
            if Some(message.id.as_str()) == wanted {
                wanted = message.parent_id.as_deref();
                branch.push(message);
            }
        }
        branch.reverse();
        branch
    }

    /// The versions of a message: those that follow the same message and are by the same one, in
    /// the order in which they began.
    #[must_use]
    pub fn versions(&self, message: &Message) -> Vec<&Message> {
        let is_version =
            |other: &&Message| other.parent_id == message.parent_id && other.role == message.role;
        self.messages.iter().filter(is_version).collect()
    }

    /// The newest message of the branches through `id`: the leaf that shows that message.
    #[must_use]
    pub fn newest_below<'a>(&'a self, id: &'a str) -> &'a str {
        let mut below = HashSet::from([id]);
        let mut newest = id;
        for message in &self.messages {
            if message.parent_id.as_deref().is_some_and(|parent| below.contains(parent)) {
                newest = &message.id;
                below.insert(newest);
            }
        }
        newest
    }

    fn reply(&mut self, id: &str) -> Option<&mut Message> {
        self.messages.iter_mut().rfind(|message| message.id == id)
    }

    fn add_user_message(&mut self, event: &UserMessage) {
        if self.message(&event.message_id).is_some() {
            return;
        }
        // The one that begins the conversation says so by its title.
        if let Some(title) = &event.title {
            self.title.clone_from(title);
            self.created_ms = event.created_ms;
            self.generation_id.clone_from(&event.generation_id);
        }
        self.show(Message {
            id: event.message_id.clone(),
            parent_id: event.parent_id.clone(),
            role: Role::User,
            content: event.content.clone(),
            status: Status::Completed,
            created_ms: event.created_ms,
            ..Message::default()
        });
    }

    fn start_reply(&mut self, event: &Started) {
        let reply = Message {
            id: event.message_id.clone(),
            parent_id: event.parent_id.clone(),
            role: Role::Assistant,
            status: Status::Running,
            model: Some(event.model.clone()),
            created_ms: event.created_ms,
            persona_id: event.digital_human_id.clone(),
            ..Message::default()
        };
        match self.reply(&event.message_id) {
            Some(known) => *known = reply,
            None => self.show(reply),
        }
        self.persona_id.clone_from(&event.digital_human_id);
    }

    /// Adds a message and shows the branch that it ends.
    fn show(&mut self, message: Message) {
        self.updated_ms = message.created_ms;
        self.leaf_id = Some(message.id.clone());
        self.messages.push(message);
    }
}

/// Applies operations on the Markdown of a reply. Where they do not fit, as after one was lost, there
/// is no rendering any more: its text is there.
fn apply_edits(reply: &mut Message, edits: &[Edit]) {
    if edits.is_empty() {
        return;
    }
    let mut blocks = reply.blocks.take().unwrap_or_default();
    if edits.iter().all(|edit| blocks.apply(edit).is_ok()) {
        reply.blocks = Some(blocks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Chunk, Completed, Stopped};

    fn asked(id: &str, parent: Option<&str>) -> Event {
        Event::UserMessage(UserMessage {
            conversation_id: "c".into(),
            message_id: id.into(),
            parent_id: parent.map(str::to_owned),
            content: "Why?".into(),
            ..UserMessage::default()
        })
    }

    fn answered(id: &str, parent: &str) -> Event {
        Event::Started(Started {
            conversation_id: "c".into(),
            message_id: id.into(),
            parent_id: Some(parent.into()),
            ..Started::default()
        })
    }

    fn chunk(id: &str, text: &str) -> Event {
        let (conversation_id, message_id) = ("c".into(), id.into());
        Event::Chunk(Chunk { conversation_id, message_id, content: text.into() })
    }

    fn folded(events: &[Event]) -> Conversation {
        let mut conversation = Conversation { id: "c".into(), ..Conversation::default() };
        events.iter().for_each(|event| conversation.apply(event));
        conversation
    }

    #[test]
    fn branches_are_the_ways_to_their_leaves() {
        let conversation = folded(&[
            asked("1", None),
            answered("2", "1"),
            answered("3", "1"),
            asked("4", Some("3")),
            answered("5", "4"),
            asked("6", Some("2")),
        ]);
        let ids = |messages: Vec<&Message>| -> Vec<String> {
            messages.into_iter().map(|message| message.id.clone()).collect()
        };
        assert_eq!(ids(conversation.branch()), ["1", "2", "6"]);
        assert_eq!(conversation.newest_below("3"), "5");
        assert_eq!(conversation.newest_below("2"), "6");
        assert_eq!(conversation.newest_below("5"), "5");
        assert_eq!(ids(conversation.versions(conversation.message("2").unwrap())), ["2", "3"]);
    }

    #[test]
    fn what_comes_again_changes_nothing_more() {
        let (conversation_id, message_id) = (String::from("c"), String::from("2"));
        let whole = Completed {
            conversation_id: conversation_id.clone(),
            message_id: message_id.clone(),
            final_content: "Ice.".into(),
            ..Completed::default()
        };
        let events = [asked("1", None), answered("2", "1"), chunk("2", "I"), chunk("2", "ce.")];
        let again = folded(&[&events[..], &events[..]].concat());
        assert_eq!(again, folded(&events));
        assert_eq!(again.running().unwrap().content, "Ice.");
        let ended = folded(&[&events[..], &[Event::Completed(Box::new(whole))]].concat());
        assert_eq!(ended.message("2").unwrap().status, Status::Completed);
        let final_content = "I".into();
        let edits = Vec::new();
        let stopped = Stopped { conversation_id, message_id, final_content, edits };
        let stopped = Event::Stopped(stopped);
        assert_eq!(folded(&[&events[..], &[stopped]].concat()).message("2").unwrap().content, "I");
    }
}
