//! What providers over HTTP share: a client, an answer's bytes and lines, refusals, retries.

mod body;
mod client;
mod deltas;
mod endpoint;
pub(crate) mod get;
pub(crate) mod halves;
mod inflate;
mod lines;
mod refusal;
mod retry;
mod transport;
mod wording;

pub(crate) use body::Patience;
pub(crate) use client::client;
pub(crate) use deltas::{Decoder, Deltas, Progress};
pub(crate) use endpoint::Endpoint;
pub(crate) use lines::{Lines, text};
pub(crate) use refusal::{Refusal, is_web_page};
pub(crate) use retry::Retries;
pub(crate) use transport::Transport;

use std::time::Duration;

/// How long one waits for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// For the next byte, before anything was written: a model on one's own machine may read and
    /// think for minutes.
    pub first_byte: Duration,
    /// For the next byte, once something was written.
    pub silence: Duration,
}

impl Timeouts {
    /// The usual ones, for that silence: five times as long until the first word.
    #[must_use]
    pub fn of_silence(silence: Duration) -> Self {
        Self { connect: Duration::from_secs(10), first_byte: silence * 5, silence }
    }
}
