//! Views that pages are made of, one a file.

mod actions;
mod announcer;
mod arrival;
mod blank_sheet;
pub(crate) mod diagnostics;
mod export;
mod field;
mod figures;
mod flow;
mod header;
mod hint;
mod history_item;
mod narration;
mod sheet;
mod source;
mod status_line;
mod time;
mod trouble;
mod unloaded;

pub(crate) use actions::Actions;
pub(crate) use announcer::{Announcer, LiveRegion};
pub(crate) use arrival::Arrival;
pub(crate) use blank_sheet::BlankSheet;
pub(crate) use header::Header;
pub(crate) use history_item::HistoryItem;
pub(crate) use sheet::Sheet;
pub(crate) use source::Source;
pub(crate) use time::TimeZone;
pub(crate) use unloaded::Unloaded;
