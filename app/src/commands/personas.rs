//! The server functions of the pages `/personas` and `/personas/{id}`.

use leptos::prelude::*;
use protocol::conversation::{ChangePersona, NewPersona, Persona, PersonaListing, PersonaVersions};

use crate::{api_error::ApiError, json_text::Json};

/// Personas, the newest first.
#[server(prefix = "/fn", endpoint = "personas", input = Json, output = Json)]
pub async fn list_personas(before: Option<String>) -> Result<PersonaListing, ApiError> {
    crate::ssr::ask(|backend| backend.personas(before)).await
}

/// A persona.
#[server(prefix = "/fn", endpoint = "persona", input = Json, output = Json)]
pub async fn fetch_persona(id: String) -> Result<Persona, ApiError> {
    crate::ssr::ask(|backend| backend.persona(id)).await
}

/// The versions of a persona, the newest first.
#[server(prefix = "/fn", endpoint = "persona-versions", input = Json, output = Json)]
pub async fn list_persona_versions(
    id: String,
    before: Option<String>,
) -> Result<PersonaVersions, ApiError> {
    crate::ssr::ask(|backend| backend.persona_versions(id, before)).await
}

/// Makes a persona.
#[server(prefix = "/fn", endpoint = "create-persona", input = Json, output = Json)]
pub async fn create_persona(persona: NewPersona) -> Result<Persona, ApiError> {
    crate::ssr::ask(|backend| backend.create_persona(persona)).await
}

/// Makes a new version of a persona.
#[server(prefix = "/fn", endpoint = "change-persona", input = Json, output = Json)]
pub async fn update_persona(id: String, change: ChangePersona) -> Result<Persona, ApiError> {
    crate::ssr::ask(|backend| backend.change_persona(id, change)).await
}

/// Makes a new version of a persona that is what an older one was.
#[server(prefix = "/fn", endpoint = "restore-persona", input = Json, output = Json)]
pub async fn restore_persona(id: String, version: u64) -> Result<Persona, ApiError> {
    crate::ssr::ask(|backend| backend.restore_persona(id, version)).await
}

/// Removes a persona.
#[server(prefix = "/fn", endpoint = "delete-persona", input = Json, output = Json)]
pub async fn delete_persona(id: String) -> Result<(), ApiError> {
    crate::ssr::ask(|backend| backend.delete_persona(id)).await
}
