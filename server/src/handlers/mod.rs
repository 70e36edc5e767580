//! Extract, call the engine, encode.

pub(crate) mod archive;
pub(crate) mod chat;
pub(crate) mod chat_completions;
pub(crate) mod connections;
pub(crate) mod conversation_streams;
pub(crate) mod conversations;
pub(crate) mod events;
pub(crate) mod generations;
pub(crate) mod gpt_summary;
pub(crate) mod health;
pub(crate) mod helloworld;
mod id;
pub(crate) mod models;
pub(crate) mod not_found;
pub(crate) mod personas;
pub(crate) mod shares;
mod started;
pub(crate) mod timed;
pub(crate) mod training;
