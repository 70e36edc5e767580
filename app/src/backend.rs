use std::{future::Future, pin::Pin, sync::Arc};

use protocol::{Accepted, Listing, NewGeneration, Problem, Snapshot};
use serde::{Deserialize, Serialize};

/// The future answer of a [`Backend`].
pub type Reply<T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + Send>>;

/// What the page needs of the server that renders it.
///
/// The server puts one into the Leptos context as `Arc<dyn Backend>`. The server functions call
/// nothing else.
pub trait Backend: Send + Sync + 'static {
    /// Starts a generation, or returns the one that the same request with the same key has started.
    fn start(&self, request: NewGeneration, key: Option<u64>) -> Reply<Accepted>;
    /// Stops a generation. Stopping one that has ended changes nothing.
    fn stop(&self, id: String) -> Reply<()>;
    /// The state of a generation.
    fn snapshot(&self, id: String) -> Reply<Snapshot>;
    /// The text that a generation reads.
    fn input(&self, id: String) -> Reply<String>;
    /// Past generations, newest first.
    fn list(&self, query: String, before: Option<String>) -> Reply<Listing>;
    /// Removes a generation.
    fn delete(&self, id: String) -> Reply<()>;
    /// Which model answers, and how much it accepts.
    fn about(&self) -> About;
}

/// The type under which the backend is found in the Leptos context.
pub type SharedBackend = Arc<dyn Backend>;

/// Which model answers, and how much it accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The provider's name, such as `builtin`.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Longest request body in bytes.
    pub max_input_bytes: u64,
}
