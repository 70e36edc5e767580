//! Follows a generation until it ends: a state machine, and its connections to the browser.
//!
//! The [`Machine`] does no I/O. It takes an [`Input`] and the time, and answers with [`Effect`]s,
//! which the [`Driver`] carries out through [`adapters`](crate::adapters). So `tests` can try everything that may
//! happen between the server and a page, with simulated time and several tabs.
//!
//! Browsers open at most six HTTP/1.1 connections to an origin, and an event stream occupies one
//! for as long as it runs: without sharing, the seventh tab would not even load. So of the tabs that
//! follow one generation, one is the leader: it holds the generation's Web Lock, reads the stream
//! and posts the events to the others, the followers, over a `BroadcastChannel`. A leader first
//! takes one of a few locks that limit the streams of the whole browser; until it has one, it asks
//! for the snapshot each second. When a leader goes, the browser grants its lock to a follower,
//! which goes on after its own cursor.
//!
//! Web Locks exist in secure contexts only, to which plain HTTP in a local network does not belong,
//! and a browser may refuse them. There each tab reads a stream of its own while it is shown, and
//! gives the connection back a while after it is hidden.

mod driver;
mod effect;
mod encoding;
mod followers;
mod input;
mod machine;
mod message;
mod role;
mod source;
#[cfg(test)]
mod tests;

pub(crate) use driver::Driver;
pub(crate) use effect::Change;
use effect::Effect;
use input::{FetchError, Input, Lock};
use machine::Machine;
use message::{Batch, Message, RawEvent};
