//! The program as a black box: a process, TCP, and nothing of its code but the event vocabulary.

#![expect(clippy::unwrap_used, reason = "a broken expectation is how a test fails")]

mod answers;
mod bodies;
mod closing;
mod connections;
mod creating;
mod cursors;
mod deleting;
mod failures;
mod folding;
mod frames;
mod gpt_summary;
mod heartbeats;
mod helloworld;
mod history;
mod hostile;
mod keys;
mod killing;
mod licenses;
mod limits;
mod origins;
mod pages;
mod patches;
mod queries;
mod queueing;
mod repeating;
mod resuming;
mod routes;
mod settings;
mod sizes;
mod stage;
mod stalled;
mod stopping;
mod timed;
mod viewers;
