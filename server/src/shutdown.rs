use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Announces that the server shuts down. Clones announce to the same signals.
#[derive(Clone, Default)]
pub(crate) struct Shutdown {
    has_begun: Arc<AtomicBool>,
    token: CancellationToken,
}

/// Resolves once the shutdown has begun. An event stream polls this for each event, so a poll that
/// finds nothing new reads one flag that is rarely written, and takes no lock.
pub(crate) struct ShutdownSignal {
    has_begun: Arc<AtomicBool>,
    cancelled: Pin<Box<WaitForCancellationFutureOwned>>,
    /// The waker that is registered with `cancelled`.
    waker: Option<Waker>,
}

impl Shutdown {
    pub(crate) fn begin(&self) {
        self.has_begun.store(true, Ordering::Release);
        self.token.cancel();
    }

    pub(crate) fn signal(&self) -> ShutdownSignal {
        let cancelled = Box::pin(self.token.clone().cancelled_owned());
        ShutdownSignal { has_begun: Arc::clone(&self.has_begun), cancelled, waker: None }
    }
}

impl Future for ShutdownSignal {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.has_begun.load(Ordering::Acquire) {
            return Poll::Ready(());
        }
        if self.waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
            return Poll::Pending;
        }
        self.waker = Some(context.waker().clone());
        self.cancelled.as_mut().poll(context)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::poll;
    use tokio::{spawn, task::yield_now, time::timeout};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_looked_last_is_woken() {
        let shutdown = Shutdown::default();
        let mut signal = shutdown.signal();
        assert!(poll!(&mut signal).is_pending());
        let another = spawn(async move {
            for _ in 0..3 {
                assert!(poll!(&mut signal).is_pending());
                yield_now().await;
            }
            signal.await;
        });
        for _ in 0..10 {
            yield_now().await;
        }
        shutdown.begin();
        timeout(Duration::from_secs(1), another).await.unwrap().unwrap();
        assert!(
            poll!(shutdown.signal()).is_ready(),
            "a signal made after the shutdown resolves, too"
        );
    }
}
