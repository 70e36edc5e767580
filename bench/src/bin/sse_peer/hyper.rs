//! hyper alone: a body of frames.

use std::{convert::Infallible, io};

use bytes::Bytes;
use futures::stream;
use http_body_util::StreamBody;
use hyper::{
    Request, Response,
    body::{Body, Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::spawn_local};

use crate::timed_event::{Asked, TimedEvent};

pub(crate) async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let connection =
            http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
        spawn_local(async move {
            let _ = connection.await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
) -> http::Result<Response<impl Body<Data = Bytes, Error = Infallible>>> {
    let asked = Asked::parse(request.uri().query());
    let frames = stream::unfold(0, move |i| async move {
        if i >= asked.n {
            return None;
        }
        asked.due(i).await;
        Some((Ok(Frame::data(Bytes::from(TimedEvent::now(i).frame()))), i + 1))
    });
    Response::builder()
        .header("content-type", "text/event-stream")
        .header("cache-control", "no-cache")
        .body(StreamBody::new(frames))
}
