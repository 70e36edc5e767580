use std::sync::Arc;
use std::time::Duration;

use protocol::Snapshot;

use crate::Log;

/// A generation at birth.
pub struct Record {
    /// What is known of it before its first word.
    pub snapshot: Snapshot,
    /// Whose history it belongs to.
    pub owner: String,
    /// The text that is read.
    pub input: String,
    /// What makes asking again harmless.
    pub idempotency: Option<Idempotency>,
    /// Its log, which begins with event 1.
    pub log: Arc<Log>,
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
#[derive(Clone, Debug, PartialEq)]
pub enum Created {
    /// It is stored.
    New,
    /// The same request was made before: nothing was stored. The snapshot is as last saved.
    Existing(Box<Snapshot>),
    /// The key was used for another request: nothing was stored.
    KeyReused,
}

/// How much of the past is kept. Without limits, everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Generations that were created longer ago go.
    pub max_age: Option<Duration>,
    /// The oldest go until inputs and logs of the ended ones take no more than this.
    pub max_bytes: Option<u64>,
}
