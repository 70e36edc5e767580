//! Follows a conversation: a state machine, and its connections to the browser.
//!
//! The [`Machine`] does no I/O. It takes an [`Input`] and the time, and answers with [`Effect`]s,
//! which the [`Driver`] carries out through [`adapters`](crate::adapters). So `tests` can try
//! everything that may happen between the server and a page, with simulated time and several tabs.
//!
//! One stream carries the events of all conversations, and all tabs of a browser share it: the tab
//! that holds the Web Lock is the leader, reads the stream and posts its events to the others, the
//! followers, over a `BroadcastChannel`. So twenty tabs cost one connection. Where a browser grants no
//! locks, as on plain HTTP in a local network, each shown tab reads a stream of its own.
//!
//! The ids of the stream are opaque, so a tab cannot tell whether its snapshot is older or newer
//! than an event. Two rules make up for that. A stream that is opened without an id begins with the
//! replies that are being written, each from its beginning, and a leader gives the same to each tab
//! that comes later. And a tab that began to receive events in such a way fetches the snapshot
//! afterwards and applies these events once more: all but the pieces of a reply may come twice, and
//! of a reply that runs, all pieces are among them.

mod driver;
mod effect;
mod encoding;
mod input;
mod machine;
mod message;
mod replays;
mod role;
#[cfg(test)]
mod tests;
mod thread;

pub(crate) use driver::Driver;
pub(crate) use effect::Change;
use effect::Effect;
pub(crate) use input::Sent;
use input::{FetchError, Input};
use machine::Machine;
use message::{Message, RawEvent};
use replays::Replays;
pub(crate) use thread::Thread;
