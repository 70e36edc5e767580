//! Peers of `cargo xtask bench streams` in Rust: `sse_peer raw|hyper|axum PORT`. Each answers
//! `GET /sse?n=&ms=&y=` with `n` events, `ms` apart, on one thread. Nothing is kept: no log, no ids,
//! no resumption.

mod axum;
mod hyper;
mod raw;
mod timed_event;

use std::{io, process::ExitCode};

use tokio::{net::TcpListener, runtime, task::LocalSet};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().unwrap_or_default();
    let port = arguments.next().and_then(|port| port.parse().ok());
    let Some(port) = port else {
        eprintln!("usage: sse_peer raw|hyper|axum PORT");
        return ExitCode::FAILURE;
    };
    match serve(&kind, port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sse_peer: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(kind: &str, port: u16) -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        match kind {
            "raw" => raw::serve(listener).await,
            "hyper" => hyper::serve(listener).await,
            _ => axum::serve(listener).await,
        }
    })
}
