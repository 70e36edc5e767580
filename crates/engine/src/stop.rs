use std::{
    future::poll_fn,
    sync::atomic::{AtomicBool, Ordering},
    task::Poll,
};

use futures::task::AtomicWaker;

/// The wish that a generation ends: anyone's, for its runner.
#[derive(Default)]
pub(crate) struct Stop {
    is_wished: AtomicBool,
    runner: AtomicWaker,
}

impl Stop {
    pub(crate) fn wish(&self) {
        self.is_wished.store(true, Ordering::Release);
        self.runner.wake();
    }

    /// Waits for it. One task at a time may.
    pub(crate) async fn wished(&self) {
        poll_fn(|context| {
            self.runner.register(context.waker());
            if self.is_wished.load(Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}
