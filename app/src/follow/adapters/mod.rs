//! What connects the machine to the browser. Nothing is decided here.

mod channel;
mod event_stream;
mod page;
mod tab_lock;

pub(super) use channel::Channel;
pub(super) use event_stream::EventStream;
pub(super) use page::listen;
pub(super) use tab_lock::TabLock;
