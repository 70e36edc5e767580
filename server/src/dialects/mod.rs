//! One log, several voices: each dialect encodes the same events in its own way.

mod gpt_summary;
mod helloworld;
mod message;
mod native;
mod patches;
mod stream;
mod told;

use bytes::Bytes;
use engine::Batch;

pub(crate) use gpt_summary::GptSummary;
pub(crate) use helloworld::Helloworld;
pub(crate) use message::Message;
pub(crate) use native::Native;
pub(crate) use patches::Patches;
pub(crate) use stream::{HEADERS, Line, Source};
pub(crate) use told::{Cursor, Told};

/// How one kind of client wants a generation told. Encodes one connection's events, in order.
pub(crate) trait Dialect: Send + Unpin + 'static {
    /// The bytes for these events; empty when they mean nothing in this dialect.
    fn encode(&mut self, batch: Batch) -> Bytes;
}
