//! Text as the page shows it: cut into blocks, counted, and with numbers and times in words.

mod blocks;
mod direction;
mod figures;
mod measure;
mod script;

pub(crate) use blocks::{Block, Cut, Cutter, blocks};
pub(crate) use figures::{grouped, seconds, shortened, utc};
pub(crate) use measure::Measure;
pub(crate) use script::is_chinese;
