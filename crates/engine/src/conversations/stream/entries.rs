//! What happened, as the store's log of entries tells it.

use protocol::conversation::{Deleted, Event, LeafChanged, TitleChanged, UserMessage};
use store::{Entry, EntryKind};

use super::{ConversationStream, Incoming, unless_gone};
use crate::conversations::followed_reply::FollowedReply;

/// How many entries are read at once, and how many bytes of users' messages, but for the one that
/// exceeds them.
const PAGE: usize = 100;
const PAGE_BYTES: usize = 64 * 1024;

impl ConversationStream {
    /// Reads the entries that follow, up to a reply that has ended: that is read first, so that one
    /// who is behind gets turn after turn.
    pub(super) async fn read_entries(
        &mut self,
        given: &mut Vec<Incoming>,
    ) -> Result<(), store::Error> {
        // Looked at first: what happens from here on wakes again.
        self.changes.mark_unchanged();
        let conversation = self.conversation_id.clone();
        let store = self.engine.shared.store.clone();
        let page = store
            .entries(&self.owner, conversation.as_deref(), self.place.seq, PAGE, PAGE_BYTES)
            .await?;
        for entry in page.entries {
            if self.must_end_before(&entry) {
                return Ok(());
            }
            self.place.seq = entry.seq;
            if let EntryKind::Reply(reply) = entry.kind {
                unless_gone(self.follow(reply, 0).await)?;
                self.begin_replies(given);
            } else if let Some(event) = self.event(entry) {
                given.push(Incoming::Event(self.cursor(), Box::new(event)));
            }
            if self.is_over || self.ended_reply().is_some() {
                return Ok(());
            }
        }
        self.is_behind = !page.is_last;
        self.place.seq = page.seq;
        Ok(())
    }

    /// Whether a reply of the same conversation is to be read to its end first: the next turn begins
    /// behind it, and what is said of a whole reply, as a title, comes behind it, too.
    fn must_end_before(&mut self, entry: &Entry) -> bool {
        let is_turn = matches!(entry.kind, EntryKind::UserMessage(_) | EntryKind::Reply(_));
        let of_entry = |reply: &FollowedReply| reply.entry.conversation_id == entry.conversation_id;
        let Some(place) = self.replies.iter().position(of_entry) else { return false };
        let has_ended = is_turn || self.has_ended(&self.replies[place].entry.id);
        self.replies[place].has_ended = has_ended;
        has_ended
    }

    /// What an entry means.
    fn event(&mut self, entry: Entry) -> Option<Event> {
        let conversation_id = entry.conversation_id;
        Some(match entry.kind {
            EntryKind::UserMessage(message) => Event::UserMessage(UserMessage {
                conversation_id,
                message_id: message.id,
                parent_id: message.parent_id,
                content: message.content,
                created_ms: message.created_ms,
                title: message.title,
                generation_id: message.generation_id,
            }),
            EntryKind::Title(title) => Event::TitleChanged(TitleChanged { conversation_id, title }),
            EntryKind::Leaf(leaf_id) => {
                Event::LeafChanged(LeafChanged { conversation_id, leaf_id })
            }
            EntryKind::Deleted => self.deleted(conversation_id),
            EntryKind::Reply(_) => return None,
        })
    }

    pub(super) fn deleted(&mut self, conversation_id: String) -> Event {
        self.replies.retain(|reply| reply.entry.conversation_id != conversation_id);
        self.is_over = self.conversation_id.is_some();
        Event::Deleted(Deleted { conversation_id })
    }
}
