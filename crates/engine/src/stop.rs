use std::{
    future::poll_fn,
    sync::OnceLock,
    task::{Context, Poll},
};

use futures::task::AtomicWaker;

/// The wish that a generation ends: anyone's, for its runner. The first one counts.
#[derive(Default)]
pub(crate) struct Stop {
    reason: OnceLock<Reason>,
    runner: AtomicWaker,
}

/// Why a generation is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Someone wants it, or the server closes down.
    Asked,
    /// It has run longer than any may.
    TooSlow,
}

impl Stop {
    pub(crate) fn wish(&self, reason: Reason) {
        // Whoever was first has woken the runner, too.
        if self.reason.set(reason).is_ok() {
            self.runner.wake();
        }
    }

    /// Waits for it. One task at a time may.
    pub(crate) async fn wished(&self) -> Reason {
        poll_fn(|context| self.poll_wished(context)).await
    }

    /// As [`wished`](Self::wished).
    pub(crate) fn poll_wished(&self, context: &mut Context<'_>) -> Poll<Reason> {
        self.runner.register(context.waker());
        self.reason.get().map_or(Poll::Pending, |reason| Poll::Ready(*reason))
    }
}
