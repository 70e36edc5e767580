use std::{cell::Cell, pin::pin};

use futures::{channel::oneshot, future::select};

use super::guards::{Listener, Timer};

/// Lets so many milliseconds go by.
pub(super) async fn pause(wait_ms: f64) {
    let (over, end) = oneshot::channel();
    let _timer = Timer::after(wait_ms, move || {
        let _ = over.send(());
    });
    let _ = end.await;
}

/// Lets so many milliseconds go by, or fewer when the browser comes back online.
pub(super) async fn pause_or_online(wait_ms: f64) {
    select(pin!(pause(wait_ms)), pin!(online())).await;
}

async fn online() {
    let (come, wait) = oneshot::channel();
    let come = Cell::new(Some(come));
    let _listener = Listener::on("online", move |_| {
        come.take().map(|come| come.send(()));
    });
    let _ = wait.await;
}
