//! What is exported and imported: each thing of an owner's whole, with its log.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use protocol::conversation::{PersonaVersion, Role};
use protocol::{Event, Frames, Shape, Snapshot, Status};
use serde::{Deserialize, Serialize};

use crate::{Batch, Error};

/// How long a row of an imported log is, in bytes.
const ROW_BYTES: usize = 32 * 1024;

/// How deeply fields may be nested: a model's documents have 16 levels.
const MOST_LEVELS: usize = 16;

/// How long an id may be.
const MOST_ID_BYTES: usize = 64;

/// Gives away what an owner has, and takes it in again.
#[async_trait]
pub trait ArchiveStore: Send + Sync + 'static {
    /// What follows `place` of what an owner has: generations that have ended, personas, and
    /// conversations, each followed by its messages. None at the end. What is being written is left
    /// out.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn next_archived(
        &self,
        owner: &str,
        place: ArchivePlace,
    ) -> Result<Option<(ArchivePlace, ArchiveEntry)>, Error>;

    /// The place before a document's generation or a conversation of that id. None when the owner
    /// has no such thing.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn archive_place(&self, owner: &str, id: &str) -> Result<Option<ArchivePlace>, Error>;

    /// Stores all of `import` or nothing. What the owner has already stays as it is. It takes as
    /// long as it takes.
    ///
    /// # Errors
    /// [`Error::Full`] and such. Nothing has been stored then.
    async fn import(&self, owner: &str, import: Import) -> Result<Imported, Error>;

    /// How many bytes an owner's generations take, with their texts and logs.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Corrupt`] and such.
    async fn stored_bytes(&self, owner: &str) -> Result<u64, Error>;
}

/// Which entry of an archive was the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArchivePlace {
    pub(crate) part: Part,
    /// The key of the generation, the persona or the conversation.
    pub(crate) key: u64,
    /// The key of the conversation's message.
    pub(crate) message: u64,
}

impl ArchivePlace {
    /// The place right before the thing of that key.
    pub(crate) fn before(part: Part, key: u64) -> Self {
        // No message of the one before it follows.
        Self { part, key: key.saturating_sub(1), message: i64::MAX.unsigned_abs() }
    }
}

/// The parts of an archive, in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Part {
    #[default]
    Generations,
    Personas,
    Conversations,
}

/// Entries that were checked, to be imported together.
#[derive(Clone)]
pub struct Import {
    /// Where they are read from.
    pub entries: Arc<dyn ArchiveEntries>,
    /// Makes an id, for what has that of another owner's.
    pub fresh_id: Arc<dyn Fn() -> Result<String, Error> + Send + Sync>,
}

/// Entries in the order of an archive, read anew as often as is asked.
pub trait ArchiveEntries: Send + Sync + 'static {
    /// Hands over one after the other.
    ///
    /// # Errors
    /// Those of `take`, which end it, and [`Error::Corrupt`] when they can no longer be read.
    fn read(&self, take: &mut dyn FnMut(ArchiveEntry) -> Result<(), Error>) -> Result<(), Error>;
}

/// What an import has added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Generations.
    pub generations: u64,
    /// Personas.
    pub personas: u64,
    /// Conversations.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
}

/// One thing of an owner's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ArchiveEntry {
    /// A document.
    Generation(Box<ArchivedGeneration>),
    /// A persona with its versions.
    Persona(ArchivedPersona),
    /// A conversation without its messages.
    Conversation(ArchivedConversation),
    /// A message of a conversation.
    Message(Box<ArchivedMessage>),
}

/// A generation that has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchivedGeneration {
    /// What is known of it.
    pub snapshot: Snapshot,
    /// The text that it read.
    pub text: String,
    /// Its log, as [`protocol::encode`] writes it.
    pub log: String,
}

/// A persona.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchivedPersona {
    /// Its id.
    pub id: String,
    /// Its versions, from the first on.
    pub versions: Vec<PersonaVersion>,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchivedConversation {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who gave it that: `message`, `model` or `user`.
    pub title_origin: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When its last message began.
    pub updated_ms: u64,
    /// The persona that answers next.
    #[serde(default)]
    pub persona_id: Option<String>,
    /// The generation whose text it is about.
    #[serde(default)]
    pub generation_id: Option<String>,
    /// The last message of the branch that is shown.
    pub leaf_id: String,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchivedMessage {
    /// Its id.
    pub id: String,
    /// The conversation.
    pub conversation_id: String,
    /// The message that it follows.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Who wrote it.
    pub role: Role,
    /// What a user's message says.
    #[serde(default)]
    pub content: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// The persona that a reply was written as.
    #[serde(default)]
    pub persona_id: Option<String>,
    /// The generation of a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<ArchivedGeneration>,
}

/// Checks the entries of an archive one after the other. It keeps nothing of them but their ids.
#[derive(Debug, Default)]
pub struct ArchiveCheck {
    ids: HashSet<String>,
    /// The conversation of each message.
    messages: HashMap<String, String>,
    conversations: HashSet<String>,
}

impl ArchiveCheck {
    /// Checks the next entry.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it and what is expected.
    pub fn check(&mut self, entry: &ArchiveEntry) -> Result<(), String> {
        match entry {
            ArchiveEntry::Generation(generation) => {
                self.enter(&generation.snapshot.id)?;
                let shape = generation.snapshot.shape.as_str();
                if [Shape::REPLY.name, Shape::TRAINING.name].contains(&shape) {
                    return Err(format!("a generation of its own is not of the shape `{shape}`"));
                }
                generation.batches(&generation.snapshot.id).map(|_| ())
            }
            ArchiveEntry::Persona(persona) => {
                self.enter(&persona.id)?;
                let numbers = persona.versions.iter().map(|version| version.version);
                let is_numbered = numbers.eq(1..=persona.versions.len() as u64);
                if persona.versions.is_empty() || !is_numbered {
                    return Err("the versions of a persona are numbered 1, 2, 3 …".to_owned());
                }
                Ok(())
            }
            ArchiveEntry::Conversation(conversation) => {
                self.enter(&conversation.id)?;
                self.conversations.insert(conversation.id.clone());
                match conversation.title_origin.as_str() {
                    "message" | "model" | "user" => Ok(()),
                    _ => Err("`title_origin` is `message`, `model` or `user`".to_owned()),
                }
            }
            ArchiveEntry::Message(message) => self.check_message(message),
        }
    }

    fn check_message(&mut self, message: &ArchivedMessage) -> Result<(), String> {
        self.enter(&message.id)?;
        let ArchivedMessage { id, conversation_id, parent_id, role, reply, .. } = message;
        if !self.conversations.contains(conversation_id) {
            return Err(format!("its conversation `{conversation_id}` does not stand before it"));
        }
        if let Some(parent) = parent_id
            && self.messages.get(parent) != Some(conversation_id)
        {
            return Err(format!("the message `{parent}` that it follows does not stand before it"));
        }
        self.messages.insert(id.clone(), conversation_id.clone());
        match (role, reply) {
            (Role::User, None) => Ok(()),
            (Role::User, Some(_)) => Err("a user's message has no `reply`".to_owned()),
            (Role::Assistant, None) => Err("a reply has its generation in `reply`".to_owned()),
            (Role::Assistant, Some(_)) if parent_id.is_none() => {
                Err("a reply follows a message".to_owned())
            }
            (Role::Assistant, Some(reply)) => {
                if reply.snapshot.id != *id || reply.snapshot.shape != Shape::REPLY.name {
                    return Err("`reply` is the generation of that id, of the shape `reply`".into());
                }
                reply.batches(id).map(|_| ())
            }
        }
    }

    fn enter(&mut self, id: &str) -> Result<(), String> {
        let is_id = (1..=MOST_ID_BYTES).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !is_id {
            return Err(format!("an id has 1 to {MOST_ID_BYTES} letters, digits, - and _"));
        }
        if self.ids.insert(id.to_owned()) { Ok(()) } else { Err("its id came before".to_owned()) }
    }
}

impl ArchivedGeneration {
    /// The log as it is stored for a generation of this `id`.
    ///
    /// # Errors
    /// A sentence that says in what the log is none, or not that of the snapshot.
    pub(crate) fn batches(&self, id: &str) -> Result<Vec<Batch>, String> {
        let mut folded = Snapshot::default();
        let mut batches = Vec::new();
        let (mut frames, mut first, mut read) = (Vec::new(), 1, 0);
        for frame in Frames::new(self.log.as_bytes()) {
            let number = folded.cursor + 1;
            read += frame.wire.len();
            let mut event = frame.event().map_err(|_| format!("event {number} is not known"))?;
            if frame.id != number || folded.status != Status::Running {
                return Err(format!("event {number} does not follow the one before"));
            }
            match &mut event {
                Event::Started(started) if number == 1 => id.clone_into(&mut started.generation_id),
                _ if number == 1 => return Err("event 1 is not `started`".to_owned()),
                _ => {}
            }
            if depth(&event) > MOST_LEVELS {
                return Err(format!("event {number} is nested too deeply"));
            }
            let applied = folded.apply(number, &event);
            applied.map_err(|error| format!("event {number} does not fit: {error}"))?;
            protocol::encode(number, &event, &mut frames);
            if frames.len() >= ROW_BYTES {
                let frames = Bytes::from(std::mem::take(&mut frames));
                batches.push(Batch { first, last: number, frames });
                first = number + 1;
            }
        }
        if read != self.log.len() {
            return Err(format!("its log is not one of events from byte {read} on"));
        }
        if !frames.is_empty() {
            batches.push(Batch { first, last: folded.cursor, frames: frames.into() });
        }
        self.compare(&folded)?;
        Ok(batches)
    }

    fn compare(&self, folded: &Snapshot) -> Result<(), String> {
        if folded.status == Status::Running {
            return Err("its log does not end".to_owned());
        }
        let said = &self.snapshot;
        let is_same = said.document == folded.document
            && said.status == folded.status
            && said.cursor == folded.cursor;
        if !is_same {
            return Err("its log does not add up to its snapshot".to_owned());
        }
        Ok(())
    }

    /// What is known of it, under this `id`.
    pub(crate) fn snapshot(&self, id: &str) -> Snapshot {
        Snapshot { id: id.to_owned(), ..self.snapshot.clone() }
    }
}

/// How many levels below the document the field lies that an event is about.
fn depth(event: &Event) -> usize {
    let path = match event {
        Event::FieldStarted(started) => &started.path,
        Event::FieldSet(set) => &set.path,
        _ => return 0,
    };
    path.matches('/').count()
}

/// Makes the text of a log out of its batches.
pub(crate) fn log_text(batches: &[Batch]) -> Result<String, Error> {
    let bytes: Vec<&[u8]> = batches.iter().map(|batch| &batch.frames[..]).collect();
    String::from_utf8(bytes.concat()).map_err(|_| Error::Corrupt)
}
