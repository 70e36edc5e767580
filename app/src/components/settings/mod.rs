//! The parts of the page `/settings`.

mod check_item;
mod examined;
mod lines;

pub(crate) use examined::Examined;
pub(crate) use lines::ConnectLines;
