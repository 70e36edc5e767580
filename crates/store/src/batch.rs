use bytes::Bytes;
use protocol::Frames;

/// Neighbouring events of one log, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Id of the first event.
    pub first: u64,
    /// Id of the last event; not before `first`.
    pub last: u64,
    /// What [`protocol::encode`] wrote for `first..=last`, back to back.
    pub frames: Bytes,
}

impl Batch {
    /// The part that follows event `after`, without copying: the whole when `after` is before
    /// `first`, nothing when it is at or beyond `last`.
    #[must_use]
    pub fn after(&self, after: u64) -> Option<Self> {
        if after < self.first {
            return Some(self.clone());
        }
        if after >= self.last {
            return None;
        }
        let seen: usize = Frames::new(&self.frames)
            .take_while(|frame| frame.id <= after)
            .map(|frame| frame.wire.len())
            .sum();
        Some(Self { first: after + 1, last: self.last, frames: self.frames.slice(seen..) })
    }
}

/// Those of `batches`, which follow each other, that come after event `after`: whole ones, but for
/// the first, which is cut to begin right there. They take `max_bytes` at most, unless the first
/// alone takes more.
pub fn page<'a>(
    batches: impl Iterator<Item = &'a Batch>,
    after: u64,
    max_bytes: usize,
) -> Vec<Batch> {
    let mut bytes = 0;
    let mut page = Vec::new();
    for batch in batches.filter_map(|batch| batch.after(after)) {
        bytes += batch.frames.len();
        if bytes > max_bytes && !page.is_empty() {
            break;
        }
        page.push(batch);
        if bytes >= max_bytes {
            break;
        }
    }
    page
}
