//! A store that keeps nothing on a disk: for tests, and as the plainest answer to what a store
//! has to do.

mod contents;
mod log_writer;
mod store;

pub use store::{Memory, MemoryStore};
