//! Black-box tests: what texts are rendered as, whole and in pieces.

mod cost;
mod hostile;
mod outline;
mod samples;
mod splits;
mod unterminated;
