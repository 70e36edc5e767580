//! Connects the machine to the browser. All decisions are the machine's.

mod channel;
mod event_stream;
mod page;
mod tab_lock;

pub(super) use channel::Channel;
pub(super) use event_stream::EventStream;
pub(super) use page::listen;
pub(super) use tab_lock::TabLock;
