//! The views of where sentences come from: the source to be read, and on small screens a panel.

mod panel;
mod reading;
mod use_evidence;

pub(crate) use panel::PlacePanel;
pub(crate) use reading::{PlaceCount, Reading};
pub(crate) use use_evidence::use_evidence;
