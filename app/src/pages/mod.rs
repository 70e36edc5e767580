//! The routes, one file for each.

mod chat;
mod diagnostics;
mod history;
mod not_found;
mod persona;
mod personas;
mod settings;
mod workspace;

pub(crate) use chat::Chat;
pub(crate) use diagnostics::Diagnostics;
pub(crate) use history::History;
pub(crate) use not_found::{NotFound, Nothing};
pub(crate) use persona::Persona;
pub(crate) use personas::Personas;
pub(crate) use settings::Settings;
pub(crate) use workspace::WorkspacePage;
