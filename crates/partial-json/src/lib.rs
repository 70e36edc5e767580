//! Reads JSON while it is still being written.
//!
//! A [`Parser`] takes a document piece by piece, cut anywhere, and reports [`Event`]s as soon as
//! they are certain: text that will not change, atoms that are whole, fields that have begun or
//! ended, each addressed by its JSON Pointer (RFC 6901). The grammar is that of RFC 8259. With
//! [`Framing::Tolerant`] the document may stand in what language models write around it, and
//! with [`Grammar::Lenient`] it may have the small slips that they make.
//!
//! ```
//! use partial_json::{Event, Options, Parser};
//!
//! let mut parser = Parser::new(Options::default());
//! let mut title = String::new();
//! for piece in [r#"{"title": "Good mor"#, r#"ning \ud83d"#, r#"\ude00""#, "}"] {
//!     parser.feed(piece, &mut |event| {
//!         if let Event::Text { path: "/title", text } = event {
//!             title.push_str(text);
//!         }
//!     })?;
//! }
//! parser.finish(&mut |_| {})?;
//! assert_eq!(title, "Good morning 😀");
//! # Ok::<(), partial_json::Error>(())
//! ```
//!
//! What is deliberately absent: I/O, clocks, recursion, a tree of values, and any allocation per
//! event. Work is linear in the input however it is cut; memory is bounded by [`Options`] and the
//! longest piece.

mod document;
mod epilogue;
mod error;
mod escape;
mod event;
mod number;
mod options;
mod parser;
mod pointer;
mod prologue;
mod reply;
mod scan;
mod tag;
mod thought;
mod utf8;

pub use error::{Error, ErrorKind};
pub use event::{Atom, Event, Kind};
pub use options::{Framing, Grammar, Options};
pub use parser::Parser;
pub use reply::{Part, Reply};
