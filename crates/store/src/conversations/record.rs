use protocol::conversation::{Conversation, Message};

use super::ReplyEntry;
use crate::{Idempotency, LogWriter, Record};

/// A turn to be stored: a user's message, unless a reply is only written again, and the new
/// generation that answers it.
#[derive(Clone)]
pub struct TurnRecord {
    /// Whose conversation it is.
    pub owner: String,
    /// Where it goes.
    pub place: TurnPlace,
    /// The persona from this turn on: `Some(None)` for none, `None` for the conversation's.
    pub persona_id: Option<Option<String>>,
    /// The reply at birth. Its id is its message's, too.
    pub reply: Record,
    /// What makes asking again harmless.
    pub idempotency: Option<Idempotency>,
}

/// Where a turn goes.
#[derive(Clone)]
pub enum TurnPlace {
    /// It begins a conversation.
    New(Creation, MessageRecord),
    /// It follows in one.
    Follows {
        /// The conversation.
        conversation_id: String,
        /// The message that it follows: by default the branch's last one. The conversation's id
        /// stands for its beginning.
        parent_id: Option<String>,
        /// What the user says.
        message: MessageRecord,
    },
    /// A reply is written again, or a message is answered again.
    Again {
        /// The conversation.
        conversation_id: String,
        /// The reply or the message.
        message_id: String,
    },
}

/// A conversation to be made.
#[derive(Clone)]
pub struct Creation {
    /// Its id.
    pub id: String,
    /// Its first title.
    pub title: String,
    /// The generation whose text it is about.
    pub generation_id: Option<String>,
}

/// A user's message to be stored.
#[derive(Clone)]
pub struct MessageRecord {
    /// Its id.
    pub id: String,
    /// What it says.
    pub content: String,
}

/// A turn that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTurn {
    /// The conversation.
    pub conversation_id: String,
    /// The user's message.
    pub message_id: String,
    /// The reply.
    pub reply_id: String,
    /// The number of the entry before its first one.
    pub before: u64,
    /// The number of its last entry, which is the reply's.
    pub seq: u64,
}

/// What became of a [`TurnRecord`].
pub enum TurnOutcome {
    /// It is stored, and this may write the reply's log on.
    New(StoredTurn, Box<dyn LogWriter>),
    /// Nothing was stored.
    Not(NotStored),
}

/// Why a turn was not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotStored {
    /// The same request was made before, and stored this.
    SameRequest(StoredTurn),
    /// The key was used for another request.
    OtherRequest,
    /// That reply of the conversation is being written.
    ReplyRunning(String),
    /// There is no such conversation.
    UnknownConversation,
    /// There is no such message in it.
    UnknownMessage,
    /// There is no such persona.
    UnknownPersona,
    /// There is no such generation to be about.
    UnknownSource,
}

/// Who gave a conversation its title. Each may replace those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TitleOrigin {
    /// It is the first message's beginning.
    Message,
    /// A model wrote it.
    Model,
    /// The user did.
    User,
}

/// A change of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Another title, and who gives it.
    pub title: Option<(String, TitleOrigin)>,
    /// The last message of the branch to be shown.
    pub leaf_id: Option<String>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changing {
    /// It is made, or changes nothing.
    Done,
    /// There is no such conversation.
    UnknownConversation,
    /// There is no such message in it.
    UnknownMessage,
}

/// A conversation as it is stored, and how far the log of entries reached when it was read.
#[derive(Clone, Debug)]
pub struct ConversationPage {
    /// The conversation. Its running replies are as they were at birth, and its cursor is empty.
    pub conversation: Conversation,
    /// Who gave it its title.
    pub title_origin: TitleOrigin,
    /// The number of the newest entry.
    pub head: u64,
    /// The replies of all conversations that were running.
    pub running: Vec<ReplyEntry>,
}

/// The way from a message up to the beginning of its conversation.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// The messages, the newest first: two at least, and as many as may be read. Running replies
    /// are as they were at birth.
    pub messages: Vec<Message>,
    /// How many there are in all.
    pub total: u64,
    /// The generation whose text the conversation is about.
    pub generation_id: Option<String>,
}

impl TitleOrigin {
    /// The word on disk.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Model => "model",
            Self::User => "user",
        }
    }

    /// What [`word`](Self::word) wrote.
    pub(crate) fn read(word: &str) -> Self {
        match word {
            "user" => Self::User,
            "model" => Self::Model,
            _ => Self::Message,
        }
    }
}
