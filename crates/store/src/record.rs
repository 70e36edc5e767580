use protocol::Snapshot;

use crate::{Batch, LogWriter};

/// The node of a store that serves one server alone: all that is unfinished there is its own.
pub const LOCAL_NODE: &str = "local";

/// A generation at birth.
#[derive(Clone)]
pub struct Record {
    /// What is known of it before its first word.
    pub snapshot: Snapshot,
    /// Whose history it belongs to.
    pub owner: String,
    /// Which server runs it.
    pub node: String,
    /// The text that is read.
    pub input: String,
    /// What makes asking again harmless.
    pub idempotency: Option<Idempotency>,
    /// The beginning of its log, from event 1 on.
    pub first: Batch,
}

/// A generation whose log has not ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// Whose it is.
    pub owner: String,
    /// What was known of it at birth.
    pub snapshot: Snapshot,
}

/// What tells a repeated request from a new one, within one owner's generations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The key that the client chose.
    pub key: String,
    /// Equal for equal requests.
    pub fingerprint: Vec<u8>,
}

/// What became of a [`Record`].
pub enum Created {
    /// It is stored, and this may write it on.
    New(Box<dyn LogWriter>),
    /// Nothing was stored.
    Not(Earlier),
}

/// What a request with the same key has started before.
#[derive(Clone, Debug, PartialEq)]
pub enum Earlier {
    /// The request was the same. The snapshot is as last saved.
    SameRequest(Box<Snapshot>),
    /// It was another one.
    OtherRequest,
}

/// How far a log reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Id of the last committed event.
    pub cursor: u64,
    /// Nothing follows.
    pub ended: bool,
}
