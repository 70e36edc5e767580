//! Conversations and personas in SQLite.

pub(crate) mod archived;
mod change;
mod conversation_store;
mod entries;
mod list;
mod persona;
mod persona_store;
mod read;
pub(crate) mod restored;
pub(crate) mod training;
mod turn;
