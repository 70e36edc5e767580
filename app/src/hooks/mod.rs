//! What lives as long as a view: connections, timers and listeners, each cleaned up on drop.

mod backoff;
mod channel;
mod claim;
mod connection;
mod deadline;
mod deletion;
mod guards;
mod insist;
mod lease;
mod ledger;
mod line;
mod live;
mod lock;
mod pane;
mod panes;
mod pause;
mod report;
mod retry;
mod scroll;
mod shared_line;
mod silence;
mod state;
mod thread;

pub(crate) use backoff::Backoff;
pub(crate) use deadline::{in_time, text_in_time};
pub(crate) use deletion::use_deletion;
pub(crate) use guards::{Listener, Planned, Ticker};
pub(crate) use insist::insist;
pub(crate) use ledger::use_ledger;
pub(crate) use live::use_live;
pub(crate) use retry::use_retry;
pub(crate) use scroll::{return_to_place, use_place_note};
pub(crate) use state::Start;
