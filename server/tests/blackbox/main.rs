//! The program as a black box: a process, TCP, and nothing of its code but the event vocabulary.

#![expect(clippy::unwrap_used, reason = "a broken expectation is how a test fails")]

mod answers;
mod bodies;
mod closing;
mod connections;
mod conversations;
mod creating;
mod cross_site;
mod cursors;
mod data_folder;
mod deleting;
mod failures;
mod files;
mod folding;
mod frames;
mod functions;
mod gpt_summary;
mod headers;
mod heartbeats;
mod helloworld;
mod history;
mod hostile;
mod hosts;
mod keys;
mod killing;
mod licenses;
mod limits;
mod logging;
mod memory;
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
mod transfer_coding;
mod viewers;
