//! The page's server functions; they call the [`Backend`](crate::Backend).

pub(crate) mod conversations;
pub(crate) mod personas;
pub(crate) mod providers;
pub(crate) mod sharing;

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{Accepted, Language, Length, Listing, NewGeneration, Snapshot};
use serde::{Deserialize, Serialize};

use crate::{api_error::ApiError, client::TextClient, json_text::Json};

/// Texts of up to this many bytes come with the page, so that most pages need no second request.
#[cfg(feature = "ssr")]
const INLINE_TEXT_BYTES: usize = 64 * 1024;

/// Generations of up to this many bytes, as JSON, come with the page.
const INLINE_BYTES: usize = 256 * 1024;

/// A generation as the page first shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Viewed {
    /// The state of the generation, shared by all who show it.
    pub snapshot: Arc<Snapshot>,
    /// The text that it reads, unless that is long.
    pub text: Option<String>,
    /// When the reader started it here, in milliseconds since the Unix epoch by the browser's
    /// clock.
    #[serde(skip)]
    pub begun_ms: Option<f64>,
}

impl Viewed {
    /// This, unless the server makes the page and it is too long to come with that.
    pub(crate) fn inlined(self) -> Result<Self, ApiError> {
        let is_long = || serde_json::to_vec(&self).is_ok_and(|json| json.len() > INLINE_BYTES);
        if cfg!(feature = "ssr") && is_long() {
            return Err(ApiError::Unreachable("too long to come with the page".to_owned()));
        }
        Ok(self)
    }
}

/// Starts a generation. Calls with the same key give the same generation, so a lost answer can be
/// asked for again.
#[server(prefix = "/fn", endpoint = "start", input = Json, output = Json, client = TextClient)]
pub async fn start(request: NewGeneration, key: Option<u64>) -> Result<Accepted, ApiError> {
    crate::ssr::ask(|backend| backend.start(request, key)).await
}

/// Starts a generation from a form without JavaScript, and redirects to its page.
#[server(prefix = "/fn", endpoint = "submit")]
pub async fn submit(
    text: String,
    language: Language,
    length: Length,
    shape: Option<String>,
) -> Result<(), ApiError> {
    let shape = shape.map(protocol::AskedShape::Named);
    let request = NewGeneration { text, language, length, shape, ..NewGeneration::default() };
    // A refusal redirects to the form, which shows the reason.
    let started = crate::ssr::ask_quietly(|backend| backend.start(request, None)).await;
    leptos_axum::redirect(&match started {
        Ok(accepted) => format!("/g/{}", accepted.id),
        Err(problem) => format!("/?refused={}", crate::ssr::word(problem.code)),
    });
    Ok(())
}

/// Stops a generation.
#[server(prefix = "/fn", endpoint = "stop", input = Json, output = Json)]
pub async fn stop(id: String) -> Result<(), ApiError> {
    crate::ssr::ask(|backend| backend.stop(id)).await
}

/// The state of a generation, with its text.
#[server(prefix = "/fn", endpoint = "view", input = Json, output = Json)]
pub async fn view(id: String) -> Result<Viewed, ApiError> {
    let text = crate::ssr::ask_quietly(|backend| backend.input(id.clone()));
    let snapshot = crate::ssr::ask(|backend| backend.snapshot(id)).await?;
    let text = if snapshot.input_chars <= INLINE_TEXT_BYTES as u64 {
        text.await.ok().filter(|text| text.len() <= INLINE_TEXT_BYTES)
    } else {
        None
    };
    Ok(Viewed { snapshot: Arc::new(snapshot), text, begun_ms: None })
}

/// The state of a generation, without its text.
#[server(prefix = "/fn", endpoint = "look", input = Json, output = Json)]
pub async fn fetch_snapshot(id: String) -> Result<Snapshot, ApiError> {
    crate::ssr::ask(|backend| backend.snapshot(id)).await
}

/// The text that a generation reads.
#[server(prefix = "/fn", endpoint = "input", input = Json, output = Json)]
pub async fn input(id: String) -> Result<String, ApiError> {
    crate::ssr::ask(|backend| backend.input(id)).await
}

/// Past generations, newest first.
#[server(prefix = "/fn", endpoint = "list", input = Json, output = Json)]
pub async fn list(query: String, before: Option<String>) -> Result<Listing, ApiError> {
    crate::ssr::ask(|backend| backend.list(query, before)).await
}

/// Removes a generation.
#[server(prefix = "/fn", endpoint = "delete", input = Json, output = Json)]
pub async fn delete(id: String) -> Result<(), ApiError> {
    crate::ssr::ask(|backend| backend.delete(id)).await
}
