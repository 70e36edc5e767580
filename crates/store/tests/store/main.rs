//! What a user of a store may rely on, seen from outside: of any store, and of SQLite's.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod conformance;
mod sample;
mod sqlite;
