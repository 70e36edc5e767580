//! What black-box tests, chaos and benchmarks share: the program as a process ([`Launch`],
//! [`Unspool`]), a provider that tests control ([`Upstream`]), and the clients ([`Client`],
//! [`EventStream`]). All of these use real TCP.
//!
//! Invariants: every wait has a deadline and names what it waited for; nothing sleeps to let something
//! else happen first; processes and connections end when their owner is dropped.
//!
//! The program's own types are not used, so that tests check the bytes that a client gets.

#![expect(clippy::panic, reason = "a broken expectation is how a test fails")]

mod answer;
mod client;
mod connection;
mod deadline;
mod event_stream;
mod exchange;
mod launch;
mod output;
mod script;
mod sink;
pub mod sse;
mod unspool;
mod upstream;

pub use answer::Answer;
pub use client::Client;
pub use connection::{Body, Unanswered, chunked, whole};
pub use deadline::{DEADLINE, Late, within};
pub use event_stream::EventStream;
pub use exchange::Exchange;
pub use launch::{Exit, Launch};
pub use output::Output;
pub use script::{Piece, Script};
pub use sink::Sink;
pub use unspool::Unspool;
pub use upstream::Upstream;
