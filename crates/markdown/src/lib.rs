//! Markdown that renders as it streams: pieces of text in, [`Edit`](protocol::markdown::Edit)s of
//! a typed tree out.
//!
//! pulldown-cmark is the parser, for CommonMark with GFM's tables, task lists, strikethrough and
//! bare addresses. Only the *open text* is parsed again when a piece comes: the last block, or of a
//! long one its last item, row or lines. What is before that has been committed and forgotten, but
//! for the *opening*, a few source lines that open the same containers again. So neither the cost
//! of a piece nor the size of its edits grows with the answer.
//!
//! Where the text is committed depends on the text alone and not on the pieces in which it comes.
//! So when a stream is finished, its edits add up to what [`render`] makes of the whole text.
//!
//! What this renderer leaves out, so that every block can be read by itself:
//!
//! - Link reference definitions and footnotes are text. Their addresses are links like any others.
//! - Raw HTML is text. Images are links with their alternative text.
//! - Only `http`, `https` and `mailto` are links; of others the text remains.
//! - A list is neither tight nor loose: every item holds blocks.
//! - Beyond 32 levels, containers are flattened; a paragraph or a line of more than 8 KiB is cut
//!   into several.
//!
//! What is deliberately absent: I/O, clocks, and any HTML.

mod builder;
mod completion;
mod cut;
mod diff;
mod frame;
mod leaf;
mod levels;
mod links;
mod node;
mod open_text;
mod parse;
mod stream;
#[cfg(test)]
mod tests;

pub use stream::{Stream, render};
