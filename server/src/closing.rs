use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// That the server closes down: said once, heard by all.
#[derive(Clone, Default)]
pub(crate) struct Closing {
    has_begun: Arc<AtomicBool>,
    token: CancellationToken,
}

/// Waits until it has begun. Whoever is busy with something else may look as often as they like:
/// nothing that others write is touched then, and no lock.
pub(crate) struct Begun {
    has_begun: Arc<AtomicBool>,
    told: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Who is woken then.
    waker: Option<Waker>,
}

impl Closing {
    pub(crate) fn begin(&self) {
        self.has_begun.store(true, Ordering::Release);
        self.token.cancel();
    }

    pub(crate) fn begun(&self) -> Begun {
        let told = Box::pin(self.token.clone().cancelled_owned());
        Begun { has_begun: Arc::clone(&self.has_begun), told, waker: None }
    }
}

impl Future for Begun {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.has_begun.load(Ordering::Acquire) {
            return Poll::Ready(());
        }
        if self.waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
            return Poll::Pending;
        }
        self.waker = Some(context.waker().clone());
        self.told.as_mut().poll(context)
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
        let closing = Closing::default();
        let mut begun = closing.begun();
        assert!(poll!(&mut begun).is_pending());
        let another = spawn(async move {
            for _ in 0..3 {
                assert!(poll!(&mut begun).is_pending());
                yield_now().await;
            }
            begun.await;
        });
        for _ in 0..10 {
            yield_now().await;
        }
        closing.begin();
        timeout(Duration::from_secs(1), another).await.unwrap().unwrap();
        assert!(poll!(closing.begun()).is_ready(), "whoever comes later hears of it, too");
    }
}
