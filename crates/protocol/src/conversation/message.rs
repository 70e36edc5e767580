use serde::{Deserialize, Serialize};

use crate::{Coverage, Failure, Span, Status, markdown::Rendered};

/// Who wrote a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one who asks.
    #[default]
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id. That of a reply is the id of its generation, too.
    pub id: String,
    /// The message that it follows. None where the conversation begins.
    pub parent_id: Option<String>,
    /// Who wrote it.
    pub role: Role,
    /// What it says, so far.
    pub content: String,
    /// Where it stands. A user's message is always completed.
    pub status: Status,
    /// The model that writes a reply.
    pub model: Option<String>,
    /// When it began, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// The persona that a reply is written as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persona_id: Option<String>,
    /// How much of source and conversation a completed reply is based on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// The passages of the source that a reply is based on, when it could not be given all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Span>,
    /// The Markdown of a reply, rendered, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Rendered>,
    /// Why a reply failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}
