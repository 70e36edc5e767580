//! What only the SQLite store has: files.

mod copies;
mod deleting;
mod folder;
mod group;
mod journal;
mod kill;
mod open;
mod place;
mod write_ahead_log;

pub(crate) use place::Folder;
