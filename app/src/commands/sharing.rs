//! The server functions that share things.

use leptos::prelude::*;
use protocol::ShareLink;

use crate::{api_error::ApiError, json_text::Json};

/// Shares a document.
#[server(prefix = "/fn", endpoint = "share-generation", input = Json, output = Json)]
pub async fn share_generation(id: String) -> Result<ShareLink, ApiError> {
    crate::ssr::ask(|backend| backend.share_generation(id)).await
}

/// Shares the branch of a conversation that is shown.
#[server(prefix = "/fn", endpoint = "share-conversation", input = Json, output = Json)]
pub async fn share_conversation(id: String) -> Result<ShareLink, ApiError> {
    crate::ssr::ask(|backend| backend.share_conversation(id)).await
}

/// Shares it no more.
#[server(prefix = "/fn", endpoint = "withdraw-share", input = Json, output = Json)]
pub async fn withdraw_share(id: String) -> Result<(), ApiError> {
    crate::ssr::ask(|backend| backend.withdraw_share(id)).await
}
