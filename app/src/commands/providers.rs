//! The server functions of the page `/settings`, and of what chooses a model.

use leptos::prelude::*;
use protocol::{Examination, Models};

use crate::{
    api_error::ApiError,
    backend::{Connected, Examine},
    json_text::Json,
};

/// The models that can be asked.
#[server(prefix = "/fn", endpoint = "models", input = Json, output = Json)]
pub async fn list_models() -> Result<Models, ApiError> {
    crate::ssr::ask(|backend| backend.models()).await
}

/// The providers that are connected, and how to connect others.
#[server(prefix = "/fn", endpoint = "connected", input = Json, output = Json)]
pub async fn list_connected() -> Result<Connected, ApiError> {
    crate::ssr::ask(|backend| backend.connected()).await
}

/// How a provider is.
#[server(prefix = "/fn", endpoint = "examine", input = Json, output = Json)]
pub async fn check_provider(asked: Examine) -> Result<Examination, ApiError> {
    crate::ssr::ask(|backend| backend.examine(asked)).await
}
