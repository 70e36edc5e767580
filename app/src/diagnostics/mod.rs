//! Finds out from the arrival times of numbered events what lies between the server and the reader.
//!
//! It is pure: it knows no clock, no connection and no view.

mod gaps;
mod plot;
mod remedies;
mod trial;
mod verdict;

pub(crate) use gaps::Gaps;
pub(crate) use plot::{Bar, Plot};
pub(crate) use remedies::{Remedy, remedies, upstream};
pub(crate) use trial::{Cause, Phase, Plan, ReceivedEvent, Trial};
pub(crate) use verdict::{Verdict, judge};
