use serde::{Deserialize, Serialize};

/// One line of the list of conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The conversation's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When its last message began, in milliseconds since the Unix epoch.
    pub updated_ms: u64,
    /// The persona that answers next.
    pub persona_id: Option<String>,
    /// The generation whose text it is about.
    pub generation_id: Option<String>,
    /// The reply that is being written.
    pub reply_id: Option<String>,
    /// The surroundings of a hit, when something is searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// A page of the list of conversations: those with the newest messages first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The lines.
    pub conversations: Vec<Listed>,
    /// What to pass as `before` for the next page; none at the end.
    pub next: Option<String>,
}
