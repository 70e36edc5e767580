//! Plans what a model is given of a text that may be longer than it reads.
//!
//! Invariants: an estimate of tokens is rather too high than too low; passages lie in the text's
//! order, do not overlap, and begin and end between its characters.
//!
//! What is deliberately absent: I/O, clocks and models. A plan is a function of texts.

pub mod evidence;
mod passages;
mod piece;
mod tokens;

pub use passages::{excerpt, passages};
pub use tokens::estimate_tokens;
