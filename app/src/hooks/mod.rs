//! What lives as long as a view: connections, timers and listeners, each cleaned up on drop.

mod backoff;
mod deadline;
mod guards;
mod insist;
mod ledger;
mod live;
mod live_view;
mod pane;
mod panes;
mod pause;
mod retry;
mod scroll;
mod thread;

pub(crate) use backoff::Backoff;
pub(crate) use deadline::{in_time, text_in_time, within};
pub(crate) use guards::{Listener, Planned, Ticker};
pub(crate) use insist::insist;
pub(crate) use ledger::use_ledger;
pub(crate) use live::{Start, use_live};
pub(crate) use retry::use_retry;
pub(crate) use scroll::{return_to_place, use_place_note};
