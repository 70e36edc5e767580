//! Files of what a space has: written by exports, read by imports.

mod import_file;
mod markdown;
mod writer;

pub(crate) use import_file::{ImportFile, Rejected, is_full};
pub(crate) use writer::{Format, Step, Writer};

/// What the member `format` of an archive says.
const FORMAT: &str = "unspool";

/// The version of the format that this program writes, and the newest that it reads.
const VERSION: u64 = 1;
