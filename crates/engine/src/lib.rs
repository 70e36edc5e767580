//! Starts, stops, resumes and fans out generations.
//!
//! One way through: provider deltas → `Composer` (incremental JSON to events) → `Recorder` (hands
//! them in to the log, which shows them once they are committed) → [`Follow`] (any number of
//! viewers, each a cursor over the log).
//!
//! Invariants: an event is committed before any viewer can see it; a viewer owns a cursor and no
//! queue, so a slow one delays nobody; exactly one terminal event, the last.
//!
//! What is deliberately absent: HTTP, and any queue between a generation and its viewers.

mod composer;
mod engine;
mod error;
mod failure;
mod folded;
mod follow;
mod heard;
mod hearing;
mod id;
mod join;
mod live;
mod prompt;
mod queue;
mod recorder;
mod recovery;
mod retention;
mod runner;
mod sheet;
mod start;
mod stop;

pub use engine::{Engine, Limits};
pub use error::{FollowError, MOST_MODEL_BYTES, StartError};
pub use follow::Follow;
pub use start::Start;
pub use store::{Batch, Error as StoreError, Retention};
