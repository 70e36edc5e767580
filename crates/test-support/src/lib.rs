//! What black-box tests, chaos and benchmarks share: the program as a process ([`Launch`],
//! [`Unspool`]), a provider that does as it is told ([`Upstream`]), and the clients ([`Client`],
//! [`EventStream`]). All of it over real TCP.
//!
//! Invariants: every wait has a deadline and says what it waited for; nothing sleeps in order to
//! be in step with something else; processes and connections end when their owner is dropped.
//!
//! What is deliberately absent: the program's own types. What is checked is what is on the wire.

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
