//! Connects state machines to the browser. All decisions are the machines'.

mod alarm;
mod channel;
mod event_stream;
mod page;
mod tab_lock;

pub(crate) use alarm::Alarm;
pub(crate) use channel::Channel;
pub(crate) use event_stream::{EventStream, StreamUpdate};
pub(crate) use page::{PageUpdate, listen};
pub(crate) use tab_lock::TabLock;
