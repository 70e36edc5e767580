use std::{future::Future, pin::Pin, sync::Arc};

use protocol::{Accepted, Listing, NewGeneration, Problem, Snapshot};
use serde::{Deserialize, Serialize};

/// What a [`Backend`] answers, later.
pub type Reply<T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + Send>>;

/// What the page asks of the server it is rendered by.
///
/// The server provides one in the Leptos context as `Arc<dyn Backend>`; the page's server
/// functions call nothing else.
pub trait Backend: Send + Sync + 'static {
    /// Starts a generation, or gives the one that the same request with the same key has started.
    fn start(&self, request: NewGeneration, key: Option<u64>) -> Reply<Accepted>;
    /// Stops a generation; stopping one that has ended changes nothing.
    fn stop(&self, id: String) -> Reply<()>;
    /// A generation as it stands.
    fn snapshot(&self, id: String) -> Reply<Snapshot>;
    /// The text that a generation reads.
    fn input(&self, id: String) -> Reply<String>;
    /// Past generations, newest first.
    fn list(&self, query: String, before: Option<String>) -> Reply<Listing>;
    /// Removes a generation.
    fn delete(&self, id: String) -> Reply<()>;
    /// Who answers, and what is accepted.
    fn about(&self) -> About;
}

/// The backend as it stands in the Leptos context.
pub type SharedBackend = Arc<dyn Backend>;

/// Who answers, and what is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The provider's name, as `builtin`.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Longest request body in bytes.
    pub max_input_bytes: u64,
}
