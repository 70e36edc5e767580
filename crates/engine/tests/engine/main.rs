//! The engine over a real store, with a provider that is played by hand.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a broken expectation is how a test fails"
)]

mod ahead;
mod answers;
mod bench;
mod cases;
mod committed;
mod conversations;
mod deadlines;
mod disk;
mod drafts;
mod ending;
mod failing;
mod following;
mod limits;
mod owners;
mod recovering;
mod starting;
