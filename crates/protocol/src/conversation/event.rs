use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::Conversation;
use crate::{Coverage, Failure, FailureCode, Span, markdown::Edit};

/// One event of a conversation stream.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// The first event of every connection.
    Connected(Connected),
    /// A user's message was stored.
    UserMessage(UserMessage),
    /// A reply begins, empty: whatever was received of it before is received again.
    Started(Box<Started>),
    /// The source is too long for the model: these passages were chosen.
    PassagesChosen(PassagesChosen),
    /// Text to append to a reply.
    Chunk(Chunk),
    /// What a [`Chunk`](Self::Chunk) changes in the rendered Markdown (`?render=blocks`).
    Blocks(Blocks),
    /// A reply is whole; nothing more comes of it.
    Completed(Completed),
    /// Someone stopped a reply; nothing more comes of it.
    Stopped(Stopped),
    /// A reply failed; nothing more comes of it.
    Failed(Failed),
    /// A conversation has another title.
    TitleChanged(TitleChanged),
    /// Another branch of a conversation was chosen.
    LeafChanged(LeafChanged),
    /// A conversation as it stands, for a client that was away for too long.
    Snapshot(Box<Conversation>),
    /// A conversation was deleted.
    Deleted(Deleted),
}

/// The first event of every connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connected {
    /// The stream's id in `GET /connections`.
    pub connection_id: String,
}

/// A user's message was stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserMessage {
    /// The conversation.
    pub conversation_id: String,
    /// The message.
    pub message_id: String,
    /// The message that it follows.
    pub parent_id: Option<String>,
    /// What it says.
    pub content: String,
    /// When it was stored, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// The conversation's title, in the message that begins it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The conversation's source, in the message that begins it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation_id: Option<String>,
}

/// A reply begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The conversation.
    pub conversation_id: String,
    /// The reply.
    pub message_id: String,
    /// The message that it answers.
    pub parent_id: Option<String>,
    /// The model that writes it.
    pub model: String,
    /// The persona that it is written as.
    pub digital_human_id: Option<String>,
    /// When it began, in milliseconds since the Unix epoch.
    pub created_ms: u64,
}

/// The passages of the source that a reply is based on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassagesChosen {
    /// The conversation.
    pub conversation_id: String,
    /// The reply.
    pub message_id: String,
    /// In the order of the source, without overlaps.
    pub passages: Vec<Span>,
}

/// Text of a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// The conversation.
    pub conversation_id: String,
    /// The reply.
    pub message_id: String,
    /// Text to append.
    pub content: String,
}

/// Operations on the Markdown of a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blocks {
    /// The conversation.
    pub conversation_id: String,
    /// The reply.
    pub message_id: String,
    /// To be applied one after the other, to no blocks at first.
    pub edits: Vec<Edit>,
}

/// A reply is whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    /// The conversation.
    pub conversation_id: String,
    /// The reply.
    pub message_id: String,
    /// All of its text.
    pub final_content: String,
    /// How much of source and conversation it is based on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// The passages of the source that it is based on, when it could not be given all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Span>,
    /// The last operations on its Markdown, where that is rendered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

/// A reply was stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// The conversation.
    pub conversation_id: String,
    /// The reply.
    pub message_id: String,
    /// All of its text.
    pub final_content: String,
    /// The last operations on its Markdown, where that is rendered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

/// A reply failed. What had arrived of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The conversation.
    pub conversation_id: String,
    /// The reply.
    pub message_id: String,
    /// For people: what happened and what to do, in English.
    pub error: String,
    /// For programs.
    pub code: FailureCode,
    /// Whether trying again may help.
    pub retryable: bool,
    /// What had arrived of its text.
    #[serde(default)]
    pub final_content: String,
    /// The last operations on its Markdown, where that is rendered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

impl Failed {
    /// The failure without the ids.
    #[must_use]
    pub fn failure(&self) -> Failure {
        Failure { retryable: self.retryable, ..Failure::new(self.code, self.error.clone()) }
    }
}

/// A conversation has another title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleChanged {
    /// The conversation.
    pub conversation_id: String,
    /// The title.
    pub title: String,
}

/// Another branch was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafChanged {
    /// The conversation.
    pub conversation_id: String,
    /// The last message of the branch.
    pub leaf_id: String,
}

/// A conversation was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// The conversation.
    pub conversation_id: String,
}

/// Why a message of a stream is no [`Event`].
#[derive(Debug)]
pub enum DecodeError {
    /// The event's name is none of these. A client ignores such events.
    UnknownName,
    /// The data is not what the name promises.
    Data(serde_json::Error),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName => f.write_str("unknown event name"),
            Self::Data(error) => write!(f, "event data: {error}"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl Event {
    /// Every name that [`name`](Self::name) can give.
    pub const NAMES: [&'static str; 13] = [
        "connected",
        "user_message",
        "ai_response_start",
        "ai_response_passages",
        "ai_response_chunk",
        "ai_response_blocks",
        "ai_response_complete",
        "ai_response_stopped",
        "conversation_error",
        "title",
        "leaf",
        "snapshot",
        "deleted",
    ];

    /// The event's name on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Connected(_) => "connected",
            Self::UserMessage(_) => "user_message",
            Self::Started(_) => "ai_response_start",
            Self::PassagesChosen(_) => "ai_response_passages",
            Self::Chunk(_) => "ai_response_chunk",
            Self::Blocks(_) => "ai_response_blocks",
            Self::Completed(_) => "ai_response_complete",
            Self::Stopped(_) => "ai_response_stopped",
            Self::Failed(_) => "conversation_error",
            Self::TitleChanged(_) => "title",
            Self::LeafChanged(_) => "leaf",
            Self::Snapshot(_) => "snapshot",
            Self::Deleted(_) => "deleted",
        }
    }

    /// The conversation that the event is about.
    #[must_use]
    pub fn conversation_id(&self) -> Option<&str> {
        Some(match self {
            Self::Connected(_) => return None,
            Self::UserMessage(event) => &event.conversation_id,
            Self::Started(event) => &event.conversation_id,
            Self::PassagesChosen(event) => &event.conversation_id,
            Self::Chunk(event) => &event.conversation_id,
            Self::Blocks(event) => &event.conversation_id,
            Self::Completed(event) => &event.conversation_id,
            Self::Stopped(event) => &event.conversation_id,
            Self::Failed(event) => &event.conversation_id,
            Self::TitleChanged(event) => &event.conversation_id,
            Self::LeafChanged(event) => &event.conversation_id,
            Self::Snapshot(conversation) => &conversation.id,
            Self::Deleted(event) => &event.conversation_id,
        })
    }

    /// Reads an event from its name and its data.
    ///
    /// # Errors
    /// [`DecodeError`] when the name is unknown or the data does not fit it.
    pub fn decode(name: &str, data: &str) -> Result<Self, DecodeError> {
        fn read<T: DeserializeOwned>(data: &str) -> Result<T, DecodeError> {
            serde_json::from_str(data).map_err(DecodeError::Data)
        }
        Ok(match name {
            "connected" => Self::Connected(read(data)?),
            "user_message" => Self::UserMessage(read(data)?),
            "ai_response_start" => Self::Started(read(data)?),
            "ai_response_passages" => Self::PassagesChosen(read(data)?),
            "ai_response_chunk" => Self::Chunk(read(data)?),
            "ai_response_blocks" => Self::Blocks(read(data)?),
            "ai_response_complete" => Self::Completed(read(data)?),
            "ai_response_stopped" => Self::Stopped(read(data)?),
            "conversation_error" => Self::Failed(read(data)?),
            "title" => Self::TitleChanged(read(data)?),
            "leaf" => Self::LeafChanged(read(data)?),
            "snapshot" => Self::Snapshot(read(data)?),
            "deleted" => Self::Deleted(read(data)?),
            _ => return Err(DecodeError::UnknownName),
        })
    }
}
