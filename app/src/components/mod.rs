//! The views that pages consist of, one file for each.

mod actions;
mod announcements;
mod announcer;
pub(crate) mod diagnostics;
mod document;
mod empty_result;
mod export;
mod failure;
mod figures;
mod growing_text;
mod header;
mod hint;
mod history_item;
mod load_error;
mod result_panel;
mod route_announcer;
mod source;
mod status_line;
mod time;

pub(crate) use actions::Actions;
pub(crate) use announcer::{Announcer, LiveRegion};
pub(crate) use empty_result::EmptyResult;
pub(crate) use header::Header;
pub(crate) use history_item::HistoryItem;
pub(crate) use load_error::LoadError;
pub(crate) use result_panel::ResultPanel;
pub(crate) use route_announcer::RouteAnnouncer;
pub(crate) use source::Source;
pub(crate) use time::TimeZone;
