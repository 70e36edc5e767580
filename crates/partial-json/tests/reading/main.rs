//! What the parser promises, one promise a file.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod conformance;
mod events;
mod framing;
mod patches;
mod properties;
mod support;
mod texts;
