//! Text as the page shows it: in blocks, measured, and with numbers and times written out.

mod blocks;
mod direction;
mod doubt;
mod encoding;
mod figures;
mod markup;
mod measure;
mod script;

pub(crate) use blocks::{Block, Cut, Cutter, blocks};
pub(crate) use doubt::Doubt;
pub(crate) use encoding::Encoding;
pub(crate) use figures::{grouped, seconds, shortened, size, utc};
pub(crate) use markup::in_markup;
pub(crate) use measure::Measure;
pub(crate) use script::{is_chinese, is_han};
