//! Black-box tests: what texts are rendered as, whole and in pieces.

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod cost;
mod hostile;
mod outline;
mod samples;
mod splits;
mod unterminated;
