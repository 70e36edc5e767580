use std::{future::Future, pin::Pin, sync::Arc};

use protocol::{
    Accepted, ConnectLine, Examination, Listing, Models, NewGeneration, Problem, ShareLink,
    Snapshot,
    conversation::{
        self, ChangeConversation, ChangePersona, Conversation, NewPersona, NewTurn, Persona,
        PersonaListing, PersonaVersions, Turn,
    },
};
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
    /// Conversations, those with the newest messages first.
    fn conversations(&self, query: String, before: Option<String>) -> Reply<conversation::Listing>;
    /// A conversation with its newest messages, or those before the place `before`.
    fn conversation(&self, id: String, before: Option<String>) -> Reply<Conversation>;
    /// Stores a message and has it answered, or finds what the same request with the same key did.
    fn send(&self, turn: NewTurn, key: Option<u64>) -> Reply<Turn>;
    /// Has another reply written beside one.
    fn regenerate(&self, conversation_id: String, message_id: String) -> Reply<Turn>;
    /// Stops the reply that is being written in a conversation, if any.
    fn stop_reply(&self, conversation_id: String) -> Reply<()>;
    /// Renames a conversation, or shows another branch of it.
    fn change_conversation(&self, id: String, change: ChangeConversation) -> Reply<Conversation>;
    /// Removes a conversation and its replies.
    fn delete_conversation(&self, id: String) -> Reply<()>;
    /// Personas, the newest first.
    fn personas(&self, before: Option<String>) -> Reply<PersonaListing>;
    /// A persona.
    fn persona(&self, id: String) -> Reply<Persona>;
    /// The versions of a persona, the newest first.
    fn persona_versions(&self, id: String, before: Option<String>) -> Reply<PersonaVersions>;
    /// Makes a persona.
    fn create_persona(&self, persona: NewPersona) -> Reply<Persona>;
    /// Makes a new version of a persona.
    fn change_persona(&self, id: String, change: ChangePersona) -> Reply<Persona>;
    /// Makes a new version of a persona that is what an older one was.
    fn restore_persona(&self, id: String, version: u64) -> Reply<Persona>;
    /// Removes a persona.
    fn delete_persona(&self, id: String) -> Reply<()>;
    /// The models that can be asked.
    fn models(&self) -> Reply<Models>;
    /// The providers that are connected, and how to connect others.
    fn connected(&self) -> Reply<Connected>;
    /// How a provider is: what was found so far, and, when there is nothing new, after a while.
    fn examine(&self, examine: Examine) -> Reply<Examination>;
    /// Shares a document.
    fn share_generation(&self, id: String) -> Reply<ShareLink>;
    /// Shares the branch of a conversation that is shown.
    fn share_conversation(&self, id: String) -> Reply<ShareLink>;
    /// Shares it no more.
    fn withdraw_share(&self, id: String) -> Reply<()>;
    /// Which model answers, and how much it accepts.
    fn about(&self) -> About;
}

/// The type under which the backend is found in the Leptos context.
pub type SharedBackend = Arc<dyn Backend>;

/// Which model answers, and how much it accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The provider's name, such as `builtin`.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Host and port of the provider; empty when nothing leaves the server.
    pub host: String,
    /// Whether there are several models to choose from.
    pub has_choice: bool,
    /// Longest request body in bytes.
    pub max_input_bytes: u64,
    /// Whether the reader has logged in, and can log out.
    pub is_logged_in: bool,
}

/// The providers that are connected, and how to connect others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connected {
    /// They themselves, the default one first, with nothing checked.
    pub providers: Vec<Examination>,
    /// How to start the server with each of the well-known ones.
    pub lines: Vec<ConnectLine>,
}

/// Asks how a provider is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examine {
    /// Its name.
    pub provider: String,
    /// Whether to check anew what has been checked.
    pub again: bool,
    /// How many checks are known.
    pub seen: usize,
    /// The tag of the language in which to say it.
    pub language: String,
}
