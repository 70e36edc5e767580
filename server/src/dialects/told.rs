use std::task::{Context, Poll, ready};

use bytes::Bytes;
use engine::{StoreError, Subscription};

use super::{Dialect, Source};

/// A generation told in one dialect.
pub(crate) struct Told<D> {
    follow: Subscription,
    dialect: D,
}

impl<D: Dialect> Told<D> {
    pub(crate) fn new(follow: Subscription, dialect: D) -> Self {
        Self { follow, dialect }
    }
}

impl<D: Dialect> Source for Told<D> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>> {
        loop {
            let batch = match ready!(self.follow.poll_next(context)) {
                Ok(Some(batch)) => batch,
                Ok(None) => return Poll::Ready(None),
                Err(error) => {
                    tracing::warn!(error = error.with_causes(), "a log could not be read on");
                    return Poll::Ready(Some(Err(error)));
                }
            };
            let bytes = self.dialect.encode(batch);
            if !bytes.is_empty() {
                return Poll::Ready(Some(Ok(bytes)));
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
    /// Characters after it that were seen, in a dialect that counts these.
    pub(crate) chars: usize,
}

impl Cursor {
    /// Reads what `Display` wrote.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        let (generation, place) = id.rsplit_once('-')?;
        let (event, chars) = place.split_once('+').unwrap_or((place, "0"));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(event) || !is_number(chars) {
            return None;
        }
        let (event, chars) = (event.parse().ok()?, chars.parse().ok()?);
        Some(Self { generation: generation.to_owned(), event, chars })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.generation, self.event)?;
        if self.chars > 0 { write!(f, "+{}", self.chars) } else { Ok(()) }
    }
}
