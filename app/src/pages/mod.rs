//! The routes, one file for each.

mod chat;
mod diagnostics;
mod history;
mod later;
mod not_found;
mod persona;
mod personas;
mod settings;
mod workspace;

pub(crate) use history::History;
#[cfg(feature = "split")]
pub use later::fetch_page;
pub(crate) use later::{ChatLater, DiagnosticsLater, PersonaLater, PersonasLater, SettingsLater};
pub(crate) use not_found::{NotFound, Nothing};
pub(crate) use workspace::WorkspacePage;
