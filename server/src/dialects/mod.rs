//! The stream formats. Each dialect encodes the events of the same log in its own way.

mod ag_ui;
pub(crate) mod chat_completion;
pub(crate) mod conversation;
mod cursor;
mod encoded;
mod gpt_summary;
mod heartbeat;
mod helloworld;
mod message;
mod native;
mod patches;
mod sse_body;
mod ui_messages;

use bytes::Bytes;
use engine::Batch;

pub(crate) use ag_ui::AgUi;
pub(crate) use chat_completion::ChatCompletion;
pub(crate) use cursor::Cursor;
pub(crate) use encoded::Encoded;
pub(crate) use gpt_summary::GptSummary;
pub(crate) use helloworld::Helloworld;
pub(crate) use message::Message;
pub(crate) use native::Native;
pub(crate) use patches::Patches;
pub(crate) use sse_body::{HEADERS, Source, SseResponse};
pub(crate) use ui_messages::{UI_MESSAGES_HEADER, UiMessages};

/// Encodes the events of one connection, in order, for one kind of client.
pub(crate) trait Dialect: Send + Unpin + 'static {
    /// The bytes for these events; empty when they mean nothing in this dialect.
    fn encode(&mut self, batch: Batch) -> Bytes;
}
