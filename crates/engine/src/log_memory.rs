use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// How much of a running log is in memory at least.
pub(crate) const KEPT_BYTES: usize = 16 * 1024;

/// How much of it stays there at most, for those who keep up. Who is further behind reads the store.
const MOST_BYTES: usize = 256 * 1024;

/// How much the logs of all that runs share.
const ALL_BYTES: usize = 16 * 1024 * 1024;

/// The memory that the logs of all running generations share: clones count the same ones.
#[derive(Clone, Default)]
pub(crate) struct LogMemory(Arc<AtomicUsize>);

/// One log's share of it, given back when this is dropped.
pub(crate) struct Share(LogMemory);

impl LogMemory {
    /// A share for one more log.
    pub(crate) fn share(&self) -> Share {
        self.0.fetch_add(1, Ordering::Relaxed);
        Share(self.clone())
    }
}

impl Share {
    /// How much it is now. A log that is to keep less than before does so with its next batch.
    pub(crate) fn bytes(&self) -> usize {
        let logs = self.0.0.load(Ordering::Relaxed);
        (ALL_BYTES / logs.max(1)).clamp(KEPT_BYTES, MOST_BYTES)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_are_many_logs_each_keeps_less() {
        let memory = LogMemory::default();
        let first = memory.share();
        assert_eq!(first.bytes(), MOST_BYTES);
        let more: Vec<_> = (1..128).map(|_| memory.share()).collect();
        assert_eq!(first.bytes(), ALL_BYTES / 128);
        let many: Vec<_> = (0..10_000).map(|_| memory.share()).collect();
        assert_eq!(first.bytes(), KEPT_BYTES);
        drop((more, many));
        assert_eq!(first.bytes(), MOST_BYTES);
    }
}
