//! What lives as long as a view: timers, listeners and what they show, each cleaned up on drop.

mod backoff;
mod deadline;
mod guards;
mod keyboard;
mod live;
mod live_view;
mod local;
mod pane;
mod panes;
mod pause;
mod progress_rule;
mod retry;
mod retry_until_answered;
mod scroll;
mod timings_cache;

pub(crate) use backoff::Backoff;
pub(crate) use deadline::{in_time, text_in_time, within};
pub(crate) use guards::{Listener, Ticker, Timer};
pub(crate) use keyboard::use_keyboard_inset;
pub(crate) use live::use_live;
pub(crate) use local::Local;
pub(crate) use pane::Pane;
pub(crate) use retry::use_retry;
pub(crate) use retry_until_answered::retry_until_answered;
pub(crate) use scroll::{return_to_place, use_place_note};
pub(crate) use timings_cache::{forget_timings, use_timings_cache};
