//! What lives as long as a view: connections, timers and listeners, each cleaned up on drop.

mod backoff;
mod connection;
mod guards;
mod live;
mod pane;
mod state;

pub(crate) use guards::{Listener, Ticker};
pub(crate) use live::use_live;
pub(crate) use state::Start;
