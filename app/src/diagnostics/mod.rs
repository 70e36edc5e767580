//! What the arrival times of numbered messages tell of the way between server and reader.
//!
//! Pure: no clock, no connection, no view.

mod gaps;
mod plot;
mod remedies;
mod trial;
mod verdict;

pub(crate) use gaps::Gaps;
pub(crate) use plot::{Bar, Plot};
pub(crate) use remedies::{Remedy, remedies, upstream};
pub(crate) use trial::{Arrival, Cause, Phase, Plan, Trial};
pub(crate) use verdict::{Verdict, judge};
