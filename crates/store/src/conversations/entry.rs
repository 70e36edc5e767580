/// One thing that happened in an owner's conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number: each is larger than the one before, though not always by one.
    pub seq: u64,
    /// The conversation.
    pub conversation_id: String,
    /// What happened.
    pub kind: EntryKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A user's message was stored.
    UserMessage(StoredUserMessage),
    /// A reply began.
    Reply(ReplyEntry),
    /// It got this title.
    Title(String),
    /// This is the last message of the branch that is shown.
    Leaf(String),
    /// It was deleted.
    Deleted,
}

/// A user's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUserMessage {
    /// Its id.
    pub id: String,
    /// The message that it follows.
    pub parent_id: Option<String>,
    /// What it says.
    pub content: String,
    /// When it was stored, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// The conversation's title, in the message that begins it.
    pub title: Option<String>,
    /// The conversation's source, in the message that begins it.
    pub generation_id: Option<String>,
}

/// A reply and the number of the entry with which it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyEntry {
    /// The number of its entry.
    pub seq: u64,
    /// The conversation.
    pub conversation_id: String,
    /// Its id, as message and as generation.
    pub id: String,
    /// The message that it answers.
    pub parent_id: Option<String>,
    /// The persona that it is written as.
    pub persona_id: Option<String>,
    /// The model that writes it.
    pub model: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub created_ms: u64,
}

/// A page of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    /// Those after the place that was asked for.
    pub entries: Vec<Entry>,
    /// Up to this number, there are no others.
    pub seq: u64,
    /// Nothing followed them when they were read.
    pub is_last: bool,
}

/// How far the log of an owner's entries reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryBounds {
    /// The number of the newest entry.
    pub head: u64,
    /// Up to this number, entries are no longer kept.
    pub floor: u64,
    /// How many there are after the place that was asked for.
    pub following: u64,
}

/// A conversation that has changed, or is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The number of the newest entry about it.
    pub seq: u64,
    /// The conversation.
    pub conversation_id: String,
    /// It was deleted.
    pub is_deleted: bool,
}
