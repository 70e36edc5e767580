mod descriptors;
mod guests;
mod listen;
mod signals;
mod stall;

use std::{io, time::Duration};

use axum::{Router, body::Body};
pub(crate) use descriptors::fit_open_files;
use guests::{Guest, Guests};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
pub(crate) use listen::listen;
pub(crate) use signals::told_to_end;
use stall::Stalling;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::{
    closing::{Begun, Closing},
    router::router,
    state::State,
};

/// What running generations are given to end by themselves when the server closes down.
const GRACE: Duration = Duration::from_secs(4);

/// When generations must have ended after the server began to close down.
const PATIENCE: Duration = Duration::from_secs(7);

/// What connections are given to end after that.
const GOODBYE: Duration = Duration::from_millis(500);

/// What a connection may have in memory that its client has not taken yet, but for the piece that
/// exceeds it. A request's head may take as much.
const BUFFERED_BYTES: usize = 32 * 1024;

/// What a connection hears for which there is no room.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: application/problem+json; charset=utf-8\r\n\
    x-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\n\
    cache-control: private, no-store\r\n\
    retry-after: 5\r\nconnection: close\r\ncontent-length: 137\r\n\r\n\
    {\"status\":503,\"title\":\"Service Unavailable\",\"code\":\"overloaded\",\
    \"detail\":\"Too many connections are open. Close some or try again later.\"}";

/// How long a connection may stay to hear that.
const FAREWELL: Duration = Duration::from_secs(1);

/// How many may stay for it at once at most,
const MOST_FAREWELLS: usize = 256;

/// and how many beside so many `connections`. Any more are closed at once.
fn farewells(connections: usize) -> usize {
    (connections / 4).clamp(1, MOST_FAREWELLS)
}

/// Serves until `told_to_end`, and then closes down.
pub(crate) async fn until(told_to_end: impl Future, listener: TcpListener, state: State) {
    let (engine, closing) = (state.engine.clone(), state.closing.clone());
    let limits = state.config.connections;
    let house = House {
        guests: Guests::new(limits),
        head: limits.head,
        stall: limits.stall,
        router: router(state),
        connections: TaskTracker::new(),
        turned_away: TaskTracker::new(),
        farewells: farewells(limits.most),
        closing: closing.clone(),
    };
    tokio::select! {
        () = house.accept(listener) => {}
        _ = told_to_end => {}
    }
    closing.begin();
    house.connections.close();
    engine.shut_down(GRACE, PATIENCE).await;
    if timeout(GOODBYE, house.connections.wait()).await.is_err() {
        tracing::info!(open = house.connections.len(), "leaving connections behind");
    }
}

/// What every connection shares.
struct House {
    guests: Guests,
    head: Duration,
    stall: Duration,
    router: Router,
    connections: TaskTracker,
    turned_away: TaskTracker,
    /// How many of these may stay at once.
    farewells: usize,
    closing: Closing,
}

impl House {
    async fn accept(&self, listener: TcpListener) {
        loop {
            let (stream, address) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    rest(&error).await;
                    continue;
                }
            };
            match self.guests.admit(address.ip()) {
                Some(guest) => self.welcome(stream, guest),
                None => self.turn_away(stream),
            }
        }
    }

    fn welcome(&self, stream: TcpStream, guest: Guest) {
        // Each event is to leave at once.
        let _ = stream.set_nodelay(true);
        let stream = Stalling::new(stream, self.stall);
        // Spawned as it is: another future around it would hold it twice, in each connection.
        let (router, closing) = (self.router.clone(), self.closing.begun());
        self.connections.spawn(serve(stream, guest, self.head, router, closing));
    }

    /// Says that there is no room, which fits into what the system holds for a connection. What the
    /// client sends is read for a while: closing before it is there would take the answer back.
    fn turn_away(&self, mut stream: TcpStream) {
        if rustix::io::write(&stream, FULL).is_err() || self.turned_away.len() >= self.farewells {
            return;
        }
        self.turned_away.spawn(timeout(FAREWELL, async move {
            if stream.shutdown().await.is_ok() {
                let mut unread = [0; 1024];
                while matches!(stream.read(&mut unread).await, Ok(1..)) {}
            }
        }));
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

async fn serve(stream: Stalling, _guest: Guest, head: Duration, router: Router, closing: Begun) {
    // Boxed: hyper keeps room for an answer that is being made as long as the connection lives.
    let service = service_fn(move |request: http::Request<Incoming>| {
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
        () = closing => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
