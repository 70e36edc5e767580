//! The routes, one a file.

mod desk;
mod diagnostics;
mod history;
mod not_found;

pub(crate) use desk::Desk;
pub(crate) use diagnostics::Diagnostics;
pub(crate) use history::History;
pub(crate) use not_found::{NotFound, Nothing};
