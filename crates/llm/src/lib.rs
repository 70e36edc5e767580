//! Language models behind one trait: a [`Request`] in, a stream of [`Delta`]s out.
//!
//! What is deliberately absent: any notion of summaries, storage or HTTP routes. A provider is
//! given messages, and writes JSON text by a JSON Schema, or plain text where there is none.

mod builtin;
mod catalog;
mod error;
mod http;
pub mod lexical;
mod ollama;
mod openai;
mod place;
mod provider;
mod providers;
mod redaction;
mod request;
mod scripted;
mod tokens;
mod words;

pub use builtin::Builtin;
pub use catalog::ListedModel;
pub use error::{Error, ErrorKind, Reason};
pub use http::Timeouts;
pub use ollama::{Ollama, ollama_base_url, ollama_model};
pub use openai::{Form, OpenAi, Origin, PRESETS, Preset, Settings, is_same_origin, listed_model};
pub use place::{Place, SetBy};
pub use provider::{Answer, Capacity, Delta, Finish, Listing, Provider, Tokens};
pub use providers::{Chosen, Providers, UnknownModel};
pub use redaction::redact;
pub use request::{Budget, Message, Request, Role};
pub use scripted::{Pen, Scripted, Step};
pub use secrecy::SecretString;
pub use tokens::{Script, likely_tokens, most_tokens};
