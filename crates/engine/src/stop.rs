use std::{
    future::poll_fn,
    sync::OnceLock,
    task::{Context, Poll},
};

use futures::task::AtomicWaker;

/// Asks a generation's runner to end it. Anyone may; the first reason counts.
#[derive(Default)]
pub(crate) struct StopSignal {
    reason: OnceLock<StopReason>,
    runner: AtomicWaker,
}

/// Why a generation is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// Someone asked for it, or the server closes down.
    Requested,
    /// It has run longer than any may.
    TooSlow,
}

impl StopSignal {
    pub(crate) fn request(&self, reason: StopReason) {
        // Whoever was first has woken the runner, too.
        if self.reason.set(reason).is_ok() {
            self.runner.wake();
        }
    }

    /// Waits for a request. Only one task at a time may wait, since there is one waker.
    pub(crate) async fn requested(&self) -> StopReason {
        poll_fn(|context| self.poll_requested(context)).await
    }

    /// As [`requested`](Self::requested).
    pub(crate) fn poll_requested(&self, context: &mut Context<'_>) -> Poll<StopReason> {
        self.runner.register(context.waker());
        self.reason.get().map_or(Poll::Pending, |reason| Poll::Ready(*reason))
    }
}
