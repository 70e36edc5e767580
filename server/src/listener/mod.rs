mod connection_permit;
mod file_limits;
mod signals;
mod socket;
mod stall;

use std::{io, time::Duration};

use axum::{Router, body::Body};
use connection_permit::{ConnectionBudget, ConnectionPermit};
pub(crate) use file_limits::fit_open_files;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
pub(crate) use signals::shutdown_requested;
pub(crate) use socket::listen;
use stall::StallTimeout;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::{
    access::Peer,
    router::router,
    shutdown::{Shutdown, ShutdownSignal},
    state::State,
};

/// How long running generations may go on by themselves once the shutdown has begun.
const GRACE: Duration = Duration::from_secs(4);

/// How long after the shutdown has begun all generations must have ended.
const GENERATIONS_DEADLINE: Duration = Duration::from_secs(7);

/// How long connections may take to end after that.
const CONNECTIONS_DEADLINE: Duration = Duration::from_millis(500);

/// How much of a response hyper buffers while the client reads nothing; the frame that crosses this
/// is buffered as a whole. A request's head may be as long.
const BUFFERED_BYTES: usize = 32 * 1024;

/// The response to a connection beyond the limit, written without hyper.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: application/problem+json; charset=utf-8\r\n\
    x-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\n\
    cache-control: private, no-store\r\n\
    retry-after: 5\r\nconnection: close\r\ncontent-length: 137\r\n\r\n\
    {\"status\":503,\"title\":\"Service Unavailable\",\"code\":\"overloaded\",\
    \"detail\":\"Too many connections are open. Close some or try again later.\"}";

/// How long a rejected connection stays open, so that its client can read the response.
const REJECTION_DEADLINE: Duration = Duration::from_secs(1);

/// How many rejected connections stay open at once, at most. Any more are closed at once.
const MAX_REJECTIONS: usize = 256;

/// How many rejected connections stay open at once where `connections` are served.
fn max_rejections(connections: usize) -> usize {
    (connections / 4).clamp(1, MAX_REJECTIONS)
}

/// Serves until `shutdown_requested` resolves, and then shuts down.
pub(crate) async fn serve_until(
    shutdown_requested: impl Future,
    listener: TcpListener,
    state: State,
) {
    let (engine, shutdown) = (state.engine.clone(), state.shutdown.clone());
    let limits = state.config.connections;
    let server = Listener {
        budget: ConnectionBudget::new(limits),
        head: limits.head_deadline,
        stall: limits.stall,
        router: router(state),
        connections: TaskTracker::new(),
        rejected: TaskTracker::new(),
        max_rejections: max_rejections(limits.max_connections),
        shutdown: shutdown.clone(),
    };
    tokio::select! {
        () = server.accept(listener) => {}
        _ = shutdown_requested => {}
    }
    shutdown.begin();
    server.connections.close();
    engine.shut_down(GRACE, GENERATIONS_DEADLINE).await;
    if timeout(CONNECTIONS_DEADLINE, server.connections.wait()).await.is_err() {
        tracing::info!(open = server.connections.len(), "leaving connections behind");
    }
}

/// Accepts connections and holds what they share.
struct Listener {
    budget: ConnectionBudget,
    head: Duration,
    stall: Duration,
    router: Router,
    connections: TaskTracker,
    rejected: TaskTracker,
    max_rejections: usize,
    shutdown: Shutdown,
}

impl Listener {
    async fn accept(&self, listener: TcpListener) {
        loop {
            let (stream, address) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    back_off(&error).await;
                    continue;
                }
            };
            match self.budget.try_acquire(address.ip()) {
                Some(permit) => self.spawn(stream, Peer(address.ip()), permit),
                None => self.reject(stream),
            }
        }
    }

    fn spawn(&self, stream: TcpStream, peer: Peer, permit: ConnectionPermit) {
        // Without this, the system would hold small writes back, and events would arrive late.
        let _ = stream.set_nodelay(true);
        let stream = StallTimeout::new(stream, self.stall);
        // An `async` block around this call would take its memory twice for each connection.
        let (router, shutdown) = (self.router.clone(), self.shutdown.signal());
        self.connections.spawn(serve_connection(stream, peer, permit, self.head, router, shutdown));
    }

    /// Answers 503. The write does not wait, as the response fits into the empty send buffer. The
    /// request is then read and discarded: the system would reset a connection that is closed with
    /// unread data, and the client would lose the response.
    fn reject(&self, mut stream: TcpStream) {
        if rustix::io::write(&stream, FULL).is_err() || self.rejected.len() >= self.max_rejections {
            return;
        }
        self.rejected.spawn(timeout(REJECTION_DEADLINE, async move {
            if stream.shutdown().await.is_ok() {
                let mut unread = [0; 1024];
                while matches!(stream.read(&mut unread).await, Ok(1..)) {}
            }
        }));
    }
}

/// Pauses after a failed accept, as the cause (no free file descriptor, for example) takes a while
/// to pass. No pause is needed when only that one connection was lost.
async fn back_off(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "cannot accept connections");
        sleep(Duration::from_millis(100)).await;
    }
}

async fn serve_connection(
    stream: StallTimeout,
    peer: Peer,
    _permit: ConnectionPermit,
    head: Duration,
    router: Router,
    shutdown: ShutdownSignal,
) {
    // Boxed, as hyper reserves memory for the service's future as long as the connection lives.
    let service = service_fn(move |mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        Box::pin(router.clone().oneshot(request.map(Body::new)))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(BUFFERED_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        biased;
        _ = connection.as_mut() => return,
        () = shutdown => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
