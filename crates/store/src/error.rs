use std::io;

/// What caused an error inside a store, for the log.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a call was not carried out. The sentences are fit for clients; what caused them is for logs:
/// [`with_causes`](Error::with_causes).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full. Nothing was written; try again once there is room.
    #[error("there is no room left on the server's disk")]
    Full,
    /// The deadline passed. A write that was already under way may still be committed.
    #[error("the database took too long to answer")]
    Busy,
    /// What is stored is not what this crate wrote.
    #[error("the database is damaged")]
    Corrupt,
    /// The batch does not follow the last event, or the generation has ended.
    #[error("the events do not follow the log's last one")]
    OutOfOrder,
    /// Another writer has taken the log over.
    #[error("another writer has taken over the generation's log")]
    Superseded,
    /// There is no generation of that id.
    #[error("there is no such generation")]
    UnknownGeneration,
    /// No page of the list was said to go on there.
    #[error("there is no such place in the list")]
    UnknownPlace,
    /// The log stops short: nobody writes it any more. The next start ends it.
    #[error("the generation was left without an end")]
    Abandoned,
    /// The store has been closed.
    #[error("the database has been closed")]
    Closed,
    /// Anything else that the database reports.
    #[error("the database failed")]
    Database(#[source] Source),
    /// The journal could not be written.
    #[error("the journal could not be written")]
    Journal(#[source] io::Error),
}

impl Error {
    /// Whether the same may succeed some time later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Full | Self::Busy | Self::Database(_) | Self::Journal(_))
    }

    /// As a log's field that also tells what caused it.
    #[must_use]
    pub fn with_causes(&self) -> &(dyn std::error::Error + 'static) {
        self
    }
}
