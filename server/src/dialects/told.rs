use bytes::Bytes;
use engine::Follow;

use super::{Dialect, Source};

/// A generation told in one dialect.
pub(crate) struct Told<D> {
    follow: Follow,
    dialect: D,
}

impl<D: Dialect> Told<D> {
    pub(crate) fn new(follow: Follow, dialect: D) -> Self {
        Self { follow, dialect }
    }
}

impl<D: Dialect> Source for Told<D> {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let batch = match self.follow.next().await {
                Ok(batch) => batch?,
                Err(error) => {
                    tracing::error!(%error, "a log could not be read on");
                    return None;
                }
            };
            let bytes = self.dialect.encode(batch);
            if !bytes.is_empty() {
                return Some(bytes);
            }
        }
    }

    fn cursor(&self) -> u64 {
        self.follow.cursor()
    }
}

/// Where a stream goes on whose address does not name the generation: its ids do.
pub(crate) struct Cursor {
    /// The generation's id.
    pub(crate) generation: String,
    /// The last event that was seen.
    pub(crate) event: u64,
}

impl Cursor {
    /// Reads what `Display` wrote.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        let (generation, event) = id.rsplit_once('-')?;
        Some(Self { generation: generation.to_owned(), event: event.parse().ok()? })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.generation, self.event)
    }
}
