//! The server functions of the pages `/chat` and `/chat/{id}`.

use leptos::prelude::*;
use protocol::conversation::{ChangeConversation, Conversation, Listing, NewTurn, Turn};

use crate::{api_error::ApiError, client::TextClient, json_text::Json};

/// Conversations, those with the newest messages first.
#[server(prefix = "/fn", endpoint = "conversations", input = Json, output = Json)]
pub async fn list_conversations(
    query: String,
    before: Option<String>,
) -> Result<Listing, ApiError> {
    crate::ssr::ask(|backend| backend.conversations(query, before)).await
}

/// A conversation with its newest messages, or those before the place `before`, and its replies as
/// formatted text.
#[server(prefix = "/fn", endpoint = "conversation", input = Json, output = Json)]
pub async fn fetch_conversation(
    id: String,
    before: Option<String>,
) -> Result<Conversation, ApiError> {
    crate::ssr::ask(|backend| backend.conversation(id, before)).await
}

/// Stores a message and has it answered. Calls with the same key do so once, so a lost answer can be
/// asked for again.
#[server(prefix = "/fn", endpoint = "send", input = Json, output = Json, client = TextClient)]
pub async fn send_message(turn: NewTurn, key: Option<u64>) -> Result<Turn, ApiError> {
    crate::ssr::ask(|backend| backend.send(turn, key)).await
}

/// Has another reply written beside one.
#[server(prefix = "/fn", endpoint = "regenerate", input = Json, output = Json)]
pub async fn regenerate_reply(
    conversation_id: String,
    message_id: String,
) -> Result<Turn, ApiError> {
    crate::ssr::ask(|backend| backend.regenerate(conversation_id, message_id)).await
}

/// Stops the reply that is being written in a conversation, if any.
#[server(prefix = "/fn", endpoint = "stop-reply", input = Json, output = Json)]
pub async fn stop_reply(conversation_id: String) -> Result<(), ApiError> {
    crate::ssr::ask(|backend| backend.stop_reply(conversation_id)).await
}

/// Gives a conversation another title, or shows another branch of it.
#[server(prefix = "/fn", endpoint = "change-conversation", input = Json, output = Json)]
pub async fn update_conversation(id: String, change: ChangeConversation) -> Result<(), ApiError> {
    crate::ssr::ask(|backend| backend.change_conversation(id, change)).await.map(|_| ())
}

/// Removes a conversation.
#[server(prefix = "/fn", endpoint = "delete-conversation", input = Json, output = Json)]
pub async fn delete_conversation(id: String) -> Result<(), ApiError> {
    crate::ssr::ask(|backend| backend.delete_conversation(id)).await
}
