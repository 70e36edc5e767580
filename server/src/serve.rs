use std::{io, time::Duration};

use axum::{Router, body::Body};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use crate::{router::router, state::State};

/// How long a client may take to send a request's head.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);

/// What running generations are given to end by themselves when the server closes down.
const GRACE: Duration = Duration::from_secs(4);

/// When generations must have ended after the server began to close down.
const PATIENCE: Duration = Duration::from_secs(7);

/// What connections are given to end after that.
const GOODBYE: Duration = Duration::from_secs(1);

/// Serves until the process is told to end, and then closes down.
pub(crate) async fn until_signal(listener: TcpListener, state: State) {
    let (engine, closing) = (state.engine.clone(), state.closing.clone());
    let connections = TaskTracker::new();
    tokio::select! {
        () = accept(listener, router(state), &connections, &closing) => {}
        () = signal() => {}
    }
    tracing::info!("closing down");
    closing.cancel();
    connections.close();
    engine.shut_down(GRACE, PATIENCE).await;
    if timeout(GOODBYE, connections.wait()).await.is_err() {
        tracing::info!(open = connections.len(), "leaving connections behind");
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    connections: &TaskTracker,
    closing: &CancellationToken,
) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, router.clone(), closing.clone()));
            }
            Err(error) => rest(&error).await,
        }
    }
}

/// After a failed accept: out of descriptors, say. A connection that is already gone is no reason.
async fn rest(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "cannot accept connections");
        sleep(Duration::from_millis(100)).await;
    }
}

async fn serve(stream: TcpStream, router: Router, closing: CancellationToken) {
    // Each event is to leave at once.
    let _ = stream.set_nodelay(true);
    let service = router.map_request(|request: http::Request<Incoming>| request.map(Body::new));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = closing.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Waits for Ctrl+C or SIGTERM.
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        },
        Err(_) => drop(interrupted.await),
    }
}
