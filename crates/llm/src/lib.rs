//! Language models behind one trait: a [`Request`] in, a stream of [`Delta`]s out.
//!
//! What is deliberately absent: any notion of summaries, storage or HTTP routes. A provider is
//! given instructions, an input and a JSON Schema, and writes JSON text.

mod builtin;
mod error;
mod openai;
mod provider;
mod redaction;
mod request;
mod scripted;

pub use builtin::Builtin;
pub use error::{Error, ErrorKind};
pub use openai::{
    OpenAi, PRESETS, Preset, Settings, is_same_origin, ollama_base_url, ollama_model,
};
pub use provider::{Answer, Delta, Finish, Provider, Tokens};
pub use redaction::redact;
pub use request::{Budget, Request};
pub use scripted::{Pen, Scripted, Step};
pub use secrecy::SecretString;
