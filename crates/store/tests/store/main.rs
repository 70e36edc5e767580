//! What a user of the store may rely on, seen from outside.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod copies;
mod deleting;
mod folder;
mod group;
mod history;
mod idempotency;
mod journal;
mod kill;
mod log;
mod open;
mod prune;
mod sample;
mod write_ahead_log;
