//! Conversations and personas in SQLite.

mod change;
mod conversation_store;
mod entries;
mod list;
mod persona;
mod persona_store;
mod read;
pub(crate) mod training;
mod turn;
