use serde::{Deserialize, Serialize};

/// The body of `POST /api/conversations/send`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTurn {
    /// What the user says.
    pub content: String,
    /// The conversation that it belongs to. A new one begins without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// The message that it follows: by default the last one of the branch that is shown. The
    /// conversation's own id stands for its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// The persona that answers, from this turn on. An empty one stands for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persona_id: Option<String>,
    /// The generation whose text a new conversation is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation_id: Option<String>,
    /// Another model than the server's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// The answer to `POST /api/conversations/send` and to `…/regenerate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The conversation.
    pub conversation_id: String,
    /// The user's message.
    pub message_id: String,
    /// The reply.
    pub reply_id: String,
    /// Where the conversation's events are, from this turn on.
    pub events: String,
}

/// The body of `PATCH /api/conversations/{id}`. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeConversation {
    /// Another title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The last message of the branch to be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf_id: Option<String>,
}
