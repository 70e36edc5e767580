//! Plans what a model is given of a text that may be longer than it reads: all of it, in parts that
//! are merged ([`Plan`]), or the passages that matter to a question ([`passages`]).
//!
//! Invariants: an estimate of tokens is rather too high than too low; the parts of a plan cover all
//! that the text says; passages lie in the text's order, do not overlap, and begin and end between
//! its characters.
//!
//! What is deliberately absent: I/O, clocks and models. A plan is a function of texts and answers.

pub mod evidence;
mod gauge;
mod passages;
mod piece;
mod plan;
mod split;
mod tokens;
mod words;

pub use gauge::Gauge;
pub use passages::{excerpt, passages};
pub use plan::{Call, CallId, Notes, Plan, Room, Stage, range_of, span_of};
pub use split::split;
pub use tokens::estimate_tokens;
pub use words::{FROM_NOTES, INSTRUCTION_TOKENS, digest, merge, read_part};
