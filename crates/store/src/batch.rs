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

#[cfg(test)]
impl Batch {
    /// One event that takes so many bytes.
    pub(crate) fn sample(event: u64, bytes: usize) -> Self {
        Self { first: event, last: event, frames: Bytes::from(vec![b'x'; bytes]) }
    }
}
