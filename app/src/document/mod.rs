//! The document as the page shows it: its fields by their paths, whatever its shape.
//!
//! The texts are not in here. They are in the snapshot, which the one reducer keeps, and in the
//! page's elements: a field knows its element and how much of the text that has from the beginning.

mod field;
mod fields;
mod formatted;
mod label;
pub(crate) mod markdown;
#[cfg(test)]
mod tests;
mod text_field;

pub(crate) use field::{Content, Field};
pub(crate) use fields::{Fields, below, members};
pub use formatted::Formatted;
#[cfg(feature = "ssr")]
pub(crate) use formatted::is_plain;
pub(crate) use formatted::may_be_formatted;
pub(crate) use label::{in_sentence, label};
pub(crate) use text_field::TextField;
