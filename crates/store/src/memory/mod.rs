//! A store that keeps nothing on a disk: for tests, and as the plainest answer to what a store
//! has to do.

mod archive;
mod contents;
mod conversation_store;
mod conversations;
mod log_writer;
mod persona_store;
mod personas;
mod session;
mod share;
mod store;

pub use store::{Memory, MemoryStore};
