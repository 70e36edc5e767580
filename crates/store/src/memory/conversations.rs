use std::collections::{HashMap, HashSet};

use protocol::conversation::{Conversation, Listed, Listing, Message, Role};
use protocol::{SearchQuery, Status};

use super::contents::{Contents, Generation};
use crate::conversations::{KEPT_ENTRIES, reply};
use crate::{
    ArchivedConversation, ArchivedMessage, Branch, Change, Changed, Changing, ConversationPage,
    Entries, Entry, EntryBounds, EntryKind, Error, Idempotency, NotStored, ReplyEntry, StoredTurn,
    StoredUserMessage, TitleOrigin, TurnPlace, TurnRecord,
};

/// All conversations, and what happened in them.
#[derive(Clone, Default)]
pub(super) struct Conversations {
    all: Vec<Kept>,
    owners: HashMap<String, OwnerLog>,
    keys: Vec<TurnKey>,
    messages: u64,
    made: u64,
}

#[derive(Clone)]
struct Kept {
    /// Its place in the order of creation.
    key: u64,
    owner: String,
    /// Without messages.
    head: Conversation,
    title_origin: TitleOrigin,
    active_seq: u64,
    changed_seq: u64,
    messages: Vec<KeptMessage>,
}

#[derive(Clone)]
struct KeptMessage {
    /// Its place in the order of creation.
    key: u64,
    /// A reply is as it was at birth.
    message: Message,
    depth: u64,
    seq: u64,
}

/// What happened in an owner's conversations.
#[derive(Clone, Default)]
struct OwnerLog {
    head: u64,
    floor: u64,
    entries: Vec<Entry>,
    deleted: Vec<(u64, String)>,
}

#[derive(Clone)]
struct TurnKey {
    owner: String,
    idempotency: Idempotency,
    stored: StoredTurn,
}

impl OwnerLog {
    fn next(&mut self) -> u64 {
        self.head += 1;
        self.floor = self.floor.max(self.head.saturating_sub(KEPT_ENTRIES));
        let floor = self.floor;
        self.entries.retain(|entry| entry.seq > floor);
        self.head
    }

    fn append(&mut self, conversation_id: &str, kind: impl FnOnce(u64) -> EntryKind) -> u64 {
        let seq = self.next();
        self.entries.push(Entry {
            seq,
            conversation_id: conversation_id.to_owned(),
            kind: kind(seq),
        });
        seq
    }
}

impl Kept {
    fn message(&self, id: &str) -> Option<&KeptMessage> {
        self.messages.iter().find(|kept| kept.message.id == id)
    }

    fn replies(&self) -> impl Iterator<Item = &KeptMessage> {
        self.messages.iter().filter(|kept| kept.message.role == Role::Assistant)
    }

    fn entry_of(&self, kept: &KeptMessage) -> ReplyEntry {
        ReplyEntry {
            seq: kept.seq,
            conversation_id: self.head.id.clone(),
            id: kept.message.id.clone(),
            parent_id: kept.message.parent_id.clone(),
            persona_id: kept.message.persona_id.clone(),
            model: kept.message.model.clone().unwrap_or_default(),
            created_ms: kept.message.created_ms,
        }
    }
}

/// Where a turn goes: the place of its conversation, and the message that is to be answered.
struct Asked {
    place: usize,
    message_id: String,
    depth: u64,
}

impl Contents {
    fn kept(&self, owner: &str, id: &str) -> Option<usize> {
        let is_it = |kept: &Kept| kept.owner == owner && kept.head.id == id;
        self.conversations.all.iter().position(is_it)
    }

    fn is_running(&self, id: &str) -> bool {
        self.get(id).is_some_and(|generation| generation.is_running)
    }

    fn running_reply(&self, place: usize) -> Option<String> {
        let mut replies = self.conversations.all[place].replies();
        let running = replies.find(|kept| self.is_running(&kept.message.id));
        running.map(|kept| kept.message.id.clone())
    }

    /// A message with what its generation says.
    fn whole(&self, kept: &KeptMessage) -> Message {
        let mut message = kept.message.clone();
        if let (Role::Assistant, Some(generation)) = (message.role, self.get(&message.id)) {
            reply(&mut message, generation.snapshot.clone());
        }
        message
    }

    pub(super) fn find_turn(&self, owner: &str, asked: &Idempotency) -> Option<NotStored> {
        let mut keys = self.conversations.keys.iter();
        let found = keys.find(|key| key.owner == owner && key.idempotency.key == asked.key)?;
        Some(if found.idempotency.fingerprint == asked.fingerprint {
            NotStored::SameRequest(found.stored.clone())
        } else {
            NotStored::OtherRequest
        })
    }

    pub(super) fn store_turn(
        &mut self,
        turn: TurnRecord,
    ) -> Result<Result<StoredTurn, NotStored>, Error> {
        let earlier = turn.idempotency.as_ref().and_then(|key| self.find_turn(&turn.owner, key));
        if let Some(earlier) = earlier {
            return Ok(Err(earlier));
        }
        if let Some(Some(persona)) = &turn.persona_id
            && !self.personas.exists(&turn.owner, persona)
        {
            return Ok(Err(NotStored::UnknownPersona));
        }
        let before = self.owner_log(&turn.owner).head;
        let asked = match self.ask(&turn) {
            Ok(asked) => asked,
            Err(refused) => return Ok(Err(refused)),
        };
        let TurnRecord { owner, persona_id, reply, idempotency, .. } = turn;
        let (reply_id, created_ms) = (reply.snapshot.id.clone(), reply.snapshot.created_ms);
        let model = Some(reply.snapshot.model.clone());
        self.add(reply)?;
        let persona_id = persona_id.unwrap_or_else(|| {
            let own = self.conversations.all[asked.place].head.persona_id.clone();
            own.filter(|persona| self.personas.exists(&owner, persona))
        });
        let message = Message {
            id: reply_id.clone(),
            parent_id: Some(asked.message_id.clone()),
            role: Role::Assistant,
            status: Status::Running,
            created_ms,
            model,
            persona_id: persona_id.clone(),
            ..Message::default()
        };
        let seq = self.push(asked.place, message, asked.depth + 1, None);
        let kept = &mut self.conversations.all[asked.place];
        kept.head.persona_id = persona_id;
        let stored = StoredTurn {
            conversation_id: kept.head.id.clone(),
            message_id: asked.message_id,
            reply_id,
            before,
            seq,
        };
        if let Some(idempotency) = idempotency {
            self.conversations.keys.push(TurnKey { owner, idempotency, stored: stored.clone() });
        }
        Ok(Ok(stored))
    }

    /// Finds or stores the message that is to be answered.
    fn ask(&mut self, turn: &TurnRecord) -> Result<Asked, NotStored> {
        let (conversation_id, parent_id, message) = match &turn.place {
            TurnPlace::New(creation, message) => {
                let source = creation.generation_id.as_deref();
                let is_document =
                    |id| self.of(&turn.owner, id).is_some_and(Generation::is_document);
                if source.is_some_and(|id| !is_document(id)) {
                    return Err(NotStored::UnknownSource);
                }
                self.conversations.made += 1;
                self.conversations.all.push(Kept {
                    key: self.conversations.made,
                    owner: turn.owner.clone(),
                    head: Conversation {
                        id: creation.id.clone(),
                        title: creation.title.clone(),
                        created_ms: turn.reply.snapshot.created_ms,
                        generation_id: creation.generation_id.clone(),
                        ..Conversation::default()
                    },
                    title_origin: TitleOrigin::Message,
                    active_seq: 0,
                    changed_seq: 0,
                    messages: Vec::new(),
                });
                (&creation.id, Some(&creation.id), message)
            }
            TurnPlace::Follows { conversation_id, parent_id, message } => {
                (conversation_id, parent_id.as_ref(), message)
            }
            TurnPlace::Again { conversation_id, message_id } => {
                return self.asked_by(&turn.owner, conversation_id, message_id);
            }
        };
        let place = self.open(&turn.owner, conversation_id)?;
        let kept = &self.conversations.all[place];
        let parent_id = match parent_id {
            Some(root) if root == conversation_id => None,
            Some(id) => Some(id.clone()),
            None => kept.head.leaf_id.clone(),
        };
        let depth = match &parent_id {
            None => 0,
            Some(id) => kept.message(id).ok_or(NotStored::UnknownMessage)?.depth,
        };
        let message_id = message.id.clone();
        let title = matches!(turn.place, TurnPlace::New(..)).then(|| kept.head.title.clone());
        let message = Message {
            id: message_id.clone(),
            parent_id,
            content: message.content.clone(),
            status: Status::Completed,
            created_ms: turn.reply.snapshot.created_ms,
            ..Message::default()
        };
        self.push(place, message, depth + 1, title);
        Ok(Asked { place, message_id, depth: depth + 1 })
    }

    fn open(&self, owner: &str, id: &str) -> Result<usize, NotStored> {
        let place = self.kept(owner, id).ok_or(NotStored::UnknownConversation)?;
        self.running_reply(place).map_or(Ok(place), |reply| Err(NotStored::ReplyRunning(reply)))
    }

    fn asked_by(&self, owner: &str, id: &str, message_id: &str) -> Result<Asked, NotStored> {
        let place = self.open(owner, id)?;
        let kept = &self.conversations.all[place];
        let mut asked = kept.message(message_id).ok_or(NotStored::UnknownMessage)?;
        if asked.message.role == Role::Assistant {
            let parent = asked.message.parent_id.as_deref();
            asked = parent.and_then(|id| kept.message(id)).ok_or(NotStored::UnknownMessage)?;
        }
        Ok(Asked { place, message_id: asked.message.id.clone(), depth: asked.depth })
    }

    /// Adds a message with its entry, whose number is returned, and shows its branch.
    fn push(&mut self, place: usize, message: Message, depth: u64, title: Option<String>) -> u64 {
        let Conversations { all, owners, messages, .. } = &mut self.conversations;
        *messages += 1;
        let kept = &mut all[place];
        let log = owners.entry(kept.owner.clone()).or_default();
        let mut added = KeptMessage { key: *messages, message, depth, seq: 0 };
        let seq = log.append(&kept.head.id.clone(), |seq| {
            added.seq = seq;
            match added.message.role {
                Role::Assistant => EntryKind::Reply(kept.entry_of(&added)),
                Role::User => EntryKind::UserMessage(StoredUserMessage {
                    id: added.message.id.clone(),
                    parent_id: added.message.parent_id.clone(),
                    content: added.message.content.clone(),
                    created_ms: added.message.created_ms,
                    generation_id: title.as_ref().and(kept.head.generation_id.clone()),
                    title,
                }),
            }
        });
        kept.head.leaf_id = Some(added.message.id.clone());
        kept.head.updated_ms = added.message.created_ms;
        (kept.active_seq, kept.changed_seq) = (seq, seq);
        kept.messages.push(added);
        seq
    }

    /// What the messages say.
    fn texts(&self, kept: &Kept) -> impl Iterator<Item = String> {
        kept.messages.iter().map(|kept| self.whole(kept).content)
    }

    fn owner_log(&self, owner: &str) -> OwnerLog {
        self.conversations.owners.get(owner).cloned().unwrap_or_default()
    }

    pub(super) fn conversation(
        &self,
        owner: &str,
        id: &str,
        before: Option<&str>,
        limit: usize,
        most_bytes: usize,
    ) -> Result<Option<ConversationPage>, Error> {
        let before = place_in(before)?;
        let Some(place) = self.kept(owner, id) else { return Ok(None) };
        let kept = &self.conversations.all[place];
        let mut conversation = kept.head.clone();
        let source = conversation.generation_id.as_deref();
        conversation.is_source_deleted = source.is_some_and(|id| self.get(id).is_none());
        let (mut bytes, mut oldest) = (0, 0);
        for found in kept.messages.iter().rev().filter(|found| found.key < before) {
            let message = self.whole(found);
            bytes += message.content.len();
            let count = conversation.messages.len();
            if count == limit || bytes > most_bytes && count > 0 {
                conversation.next = Some(u64::to_string(&oldest));
                break;
            }
            oldest = found.key;
            conversation.messages.push(message);
        }
        conversation.messages.reverse();
        Ok(Some(ConversationPage {
            conversation,
            title_origin: kept.title_origin,
            head: self.owner_log(owner).head,
            running: self.running_replies(owner),
        }))
    }

    pub(super) fn branch(&self, owner: &str, message_id: &str, most_bytes: usize) -> Branch {
        let mut all = self.conversations.all.iter().filter(|kept| kept.owner == owner);
        let Some(kept) = all.find(|kept| kept.message(message_id).is_some()) else {
            return Branch::default();
        };
        let generation_id = kept.head.generation_id.clone();
        let mut branch = Branch { generation_id, ..Branch::default() };
        let (mut wanted, mut bytes) = (Some(message_id.to_owned()), 0);
        while let Some(found) = wanted.take().and_then(|id| kept.message(&id)) {
            branch.total = branch.total.max(found.depth);
            let message = self.whole(found);
            bytes += message.content.len();
            if bytes > most_bytes && branch.messages.len() > 1 {
                break;
            }
            wanted.clone_from(&message.parent_id);
            branch.messages.push(message);
        }
        branch
    }

    pub(super) fn conversations(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error> {
        let before = place_in(before)?;
        let (is_all, sought) = (query.trim().is_empty(), SearchQuery::new(query));
        let is_found = |kept: &&Kept| {
            let mut texts: Vec<_> = self.texts(kept).collect();
            texts.push(kept.head.title.clone());
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            kept.owner == owner && kept.active_seq < before && (is_all || sought.is_in(&texts))
        };
        let mut found: Vec<&Kept> = self.conversations.all.iter().filter(is_found).collect();
        found.sort_by_key(|kept| std::cmp::Reverse(kept.active_seq));
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| has_more).map(|kept| kept.active_seq.to_string());
        let running = self.running_replies(owner);
        let listed = |kept: &Kept| {
            let reply = running.iter().find(|reply| reply.conversation_id == kept.head.id);
            Listed {
                id: kept.head.id.clone(),
                title: kept.head.title.clone(),
                created_ms: kept.head.created_ms,
                updated_ms: kept.head.updated_ms,
                persona_id: kept.head.persona_id.clone(),
                generation_id: kept.head.generation_id.clone(),
                reply_id: reply.map(|reply| reply.id.clone()),
                excerpt: match sought.is_in(&[&kept.head.title]) {
                    true => None,
                    false => self.texts(kept).find_map(|text| sought.excerpt(&text)),
                },
            }
        };
        Ok(Listing { conversations: found.into_iter().map(listed).collect(), next })
    }

    pub(super) fn change_conversation(
        &mut self,
        owner: &str,
        id: &str,
        change: Change,
    ) -> Changing {
        let Some(place) = self.kept(owner, id) else { return Changing::UnknownConversation };
        let Conversations { all, owners, .. } = &mut self.conversations;
        let kept = &mut all[place];
        let log = owners.entry(owner.to_owned()).or_default();
        if let Some(leaf) = change.leaf_id {
            if kept.message(&leaf).is_none() {
                return Changing::UnknownMessage;
            }
            if kept.head.leaf_id.as_ref() != Some(&leaf) {
                kept.changed_seq = log.append(id, |_| EntryKind::Leaf(leaf.clone()));
                kept.head.leaf_id = Some(leaf);
            }
        }
        if let Some((title, origin)) = change.title
            && origin >= kept.title_origin
        {
            kept.title_origin = origin;
            if kept.head.title != title {
                kept.changed_seq = log.append(id, |_| EntryKind::Title(title.clone()));
                kept.head.title = title;
            }
        }
        Changing::Done
    }

    pub(super) fn delete_conversation(&mut self, owner: &str, id: &str) -> Result<bool, Error> {
        let Some(place) = self.kept(owner, id) else { return Ok(false) };
        if self.running_reply(place).is_some() {
            return Err(Error::Busy);
        }
        let gone = self.conversations.all.remove(place);
        let replies: HashSet<String> = gone.replies().map(|kept| kept.message.id.clone()).collect();
        replies.iter().for_each(|reply| {
            self.remove(owner, reply);
        });
        self.conversations.keys.retain(|key| key.stored.conversation_id != id);
        let log = self.conversations.owners.entry(owner.to_owned()).or_default();
        log.entries.retain(|entry| entry.conversation_id != id);
        let seq = log.append(id, |_| EntryKind::Deleted);
        log.deleted.push((seq, id.to_owned()));
        Ok(true)
    }

    pub(super) fn entry_bounds(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        most: usize,
    ) -> EntryBounds {
        let OwnerLog { head, floor, .. } = self.owner_log(owner);
        let following = self.entries_after(owner, conversation_id, after).take(most).count();
        EntryBounds { head, floor, following: following as u64 }
    }

    fn entries_after<'a>(
        &'a self,
        owner: &str,
        conversation_id: Option<&'a str>,
        after: u64,
    ) -> impl Iterator<Item = &'a Entry> {
        let log = self.conversations.owners.get(owner);
        let entries = log.map(|log| log.entries.as_slice()).unwrap_or_default();
        entries.iter().filter(move |entry| {
            entry.seq > after && conversation_id.is_none_or(|id| entry.conversation_id == id)
        })
    }

    pub(super) fn entries(
        &self,
        owner: &str,
        conversation_id: Option<&str>,
        after: u64,
        limit: usize,
        most_bytes: usize,
    ) -> Entries {
        let mut entries: Vec<Entry> = Vec::new();
        let (mut bytes, mut is_last) = (0, true);
        for entry in self.entries_after(owner, conversation_id, after) {
            if entries.len() == limit || bytes > most_bytes {
                is_last = false;
                break;
            }
            if let EntryKind::UserMessage(message) = &entry.kind {
                bytes += message.content.len();
            }
            entries.push(entry.clone());
        }
        let last = entries.last().map_or(after, |entry| entry.seq);
        let seq = if is_last { self.owner_log(owner).head.max(last) } else { last };
        Entries { entries, seq, is_last }
    }

    pub(super) fn changed_conversations(
        &self,
        owner: &str,
        after: u64,
        limit: usize,
    ) -> (Vec<Changed>, u64) {
        let OwnerLog { head, deleted, .. } = self.owner_log(owner);
        let changed =
            self.conversations.all.iter().filter(|kept| kept.owner == owner).map(|kept| {
                let conversation_id = kept.head.id.clone();
                Changed { seq: kept.changed_seq, conversation_id, is_deleted: false }
            });
        let deleted = deleted.into_iter().map(|(seq, conversation_id)| Changed {
            seq,
            conversation_id,
            is_deleted: true,
        });
        let mut all: Vec<Changed> =
            changed.chain(deleted).filter(|changed| changed.seq > after).collect();
        all.sort_by_key(|changed| changed.seq);
        all.truncate(limit);
        (all, head)
    }

    pub(super) fn reply_at(&self, owner: &str, seq: u64) -> Option<ReplyEntry> {
        self.replies_of(owner).find(|reply| reply.seq == seq)
    }

    pub(super) fn running_replies(&self, owner: &str) -> Vec<ReplyEntry> {
        let replies = self.replies_of(owner);
        let mut running: Vec<_> = replies.filter(|reply| self.is_running(&reply.id)).collect();
        running.sort_by_key(|reply| reply.seq);
        running
    }

    fn replies_of<'a>(&'a self, owner: &'a str) -> impl Iterator<Item = ReplyEntry> + 'a {
        let all = self.conversations.all.iter().filter(move |kept| kept.owner == owner);
        all.flat_map(|kept| kept.replies().map(|reply| kept.entry_of(reply)))
    }

    pub(super) fn newest_entry(&self, owner: &str) -> u64 {
        self.owner_log(owner).head
    }
}

/// Exports and imports.
impl Contents {
    pub(super) fn has_message(&self, owner: &str, id: &str, message_id: &str) -> bool {
        let kept = self.kept(owner, id).map(|place| &self.conversations.all[place]);
        kept.is_some_and(|kept| kept.message(message_id).is_some())
    }

    pub(super) fn key_of_conversation(&self, owner: &str, id: &str) -> Option<u64> {
        self.kept(owner, id).map(|place| self.conversations.all[place].key)
    }

    pub(super) fn owner_of_conversation(&self, id: &str) -> Option<String> {
        let found = self.conversations.all.iter().find(|kept| kept.head.id == id);
        found.map(|kept| kept.owner.clone())
    }

    pub(super) fn owner_of_message(&self, id: &str) -> Option<String> {
        let found = self.conversations.all.iter().find(|kept| kept.message(id).is_some());
        let owner = found.map(|kept| &kept.owner);
        owner.or(self.get(id).map(|it| &it.record.owner)).cloned()
    }

    pub(super) fn archived_conversation(
        &self,
        owner: &str,
        key: u64,
    ) -> Option<(u64, ArchivedConversation)> {
        let is_next = |kept: &&Kept| kept.key > key && kept.owner == owner;
        let kept = self.conversations.all.iter().find(is_next)?;
        let head = kept.head.clone();
        Some((
            kept.key,
            ArchivedConversation {
                id: head.id,
                title: head.title,
                title_origin: kept.title_origin.word().to_owned(),
                created_ms: head.created_ms,
                updated_ms: head.updated_ms,
                persona_id: head.persona_id,
                generation_id: head.generation_id,
                leaf_id: head.leaf_id.unwrap_or_default(),
            },
        ))
    }

    /// The first message after `message` of the conversation of that key, without its generation.
    pub(super) fn archived_message(
        &self,
        owner: &str,
        key: u64,
        message: u64,
    ) -> Option<(u64, ArchivedMessage)> {
        let is_it = |kept: &&Kept| kept.key == key && kept.owner == owner;
        let kept = self.conversations.all.iter().find(is_it)?;
        let mut messages = kept.messages.iter().filter(|it| it.key > message);
        let found = messages.find(|it| !self.is_running(&it.message.id))?;
        let said = found.message.clone();
        Some((
            found.key,
            ArchivedMessage {
                id: said.id,
                conversation_id: kept.head.id.clone(),
                parent_id: said.parent_id,
                role: said.role,
                content: said.content,
                created_ms: said.created_ms,
                persona_id: said.persona_id,
                reply: None,
            },
        ))
    }

    pub(super) fn add_archived_conversation(
        &mut self,
        owner: &str,
        id: String,
        archived: ArchivedConversation,
    ) {
        self.conversations.made += 1;
        self.conversations.all.push(Kept {
            key: self.conversations.made,
            owner: owner.to_owned(),
            head: Conversation {
                id,
                title: archived.title,
                created_ms: archived.created_ms,
                updated_ms: archived.updated_ms,
                persona_id: archived.persona_id,
                generation_id: archived.generation_id,
                ..Conversation::default()
            },
            title_origin: TitleOrigin::read(&archived.title_origin),
            active_seq: 0,
            changed_seq: 0,
            messages: Vec::new(),
        });
    }

    pub(super) fn add_archived_message(
        &mut self,
        owner: &str,
        archived: ArchivedMessage,
    ) -> Result<(), Error> {
        let place = self.kept(owner, &archived.conversation_id).ok_or(Error::Corrupt)?;
        let Conversations { all, owners, messages, .. } = &mut self.conversations;
        let kept = &mut all[place];
        let depth = match &archived.parent_id {
            None => 0,
            Some(parent) => kept.message(parent).ok_or(Error::Corrupt)?.depth,
        };
        *messages += 1;
        let model = archived.reply.map(|reply| reply.snapshot.model);
        let message = Message {
            id: archived.id,
            parent_id: archived.parent_id,
            role: archived.role,
            content: archived.content,
            status: Status::Completed,
            created_ms: archived.created_ms,
            persona_id: archived.persona_id,
            model,
            ..Message::default()
        };
        let seq = owners.entry(owner.to_owned()).or_default().next();
        kept.messages.push(KeptMessage { key: *messages, message, depth: depth + 1, seq });
        Ok(())
    }

    /// Makes a conversation the one that was active last; `false` where it has no messages and goes.
    pub(super) fn finish_archived(&mut self, owner: &str, id: &str, leaf_id: &str) -> bool {
        let Some(place) = self.kept(owner, id) else { return false };
        let Conversations { all, owners, .. } = &mut self.conversations;
        let kept = &mut all[place];
        let leaf = kept.message(leaf_id).or(kept.messages.last());
        let Some(leaf) = leaf.map(|leaf| leaf.message.id.clone()) else {
            all.remove(place);
            return false;
        };
        kept.head.leaf_id = Some(leaf);
        let seq = owners.entry(owner.to_owned()).or_default().next();
        (kept.active_seq, kept.changed_seq) = (seq, seq);
        true
    }
}

fn place_in(before: Option<&str>) -> Result<u64, Error> {
    before.map_or(Ok(u64::MAX), |place| place.parse().map_err(|_| Error::UnknownPlace))
}
