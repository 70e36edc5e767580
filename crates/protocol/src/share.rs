use serde::{Deserialize, Serialize};

/// The answer to what shares something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareLink {
    /// What `DELETE /api/shares/{id}` takes.
    pub id: String,
    /// The path of the page that anyone may read who knows it.
    pub url: String,
}

/// The answer to `GET /api/shares`: what is shared, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// The shares.
    pub shares: Vec<Shared>,
}

/// One thing that is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// What `DELETE /api/shares/{id}` takes.
    pub id: String,
    /// The path of its page.
    pub url: String,
    /// The document, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation_id: Option<String>,
    /// The conversation, if it is a branch of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// The last message of that branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf_id: Option<String>,
    /// When it was shared, in milliseconds since the Unix epoch.
    pub created_ms: u64,
}
