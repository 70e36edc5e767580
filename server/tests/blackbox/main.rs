//! The program as a black box: a process, TCP, and nothing of its code but the event vocabulary.

#![expect(clippy::unwrap_used, reason = "a broken expectation is how a test fails")]

mod answers;
mod bodies;
mod closing;
mod creating;
mod cursors;
mod deleting;
mod failures;
mod folding;
mod frames;
mod heartbeats;
mod helloworld;
mod history;
mod hostile;
mod killing;
mod origins;
mod patches;
mod queueing;
mod repeating;
mod resuming;
mod routes;
mod settings;
mod sizes;
mod stage;
mod stopping;
mod viewers;
