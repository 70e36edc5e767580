use std::{convert::Infallible, io, net::SocketAddr};

use bytes::Bytes;
use futures::stream;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Frame, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::DEADLINE;

/// A request's body.
pub type Body = BoxBody<Bytes, Infallible>;

/// A body of known length.
pub fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).boxed()
}

/// A body of unknown length, sent in these chunks.
pub fn chunked(chunks: Vec<Bytes>) -> Body {
    let frames = chunks.into_iter().map(|chunk| Ok(Frame::data(chunk)));
    StreamBody::new(stream::iter(frames)).boxed()
}

/// Why a request got no response.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The server could not be reached.
    #[error("no connection: {0}")]
    Unreachable(#[from] io::Error),
    /// The connection ended before the response was complete.
    #[error("the connection broke: {0}")]
    Broken(#[from] hyper::Error),
    /// There was no response by the deadline.
    #[error("no answer within {DEADLINE:?}")]
    Late,
}

/// Sends a request on a connection of its own, which ends when the response's body is dropped.
pub(crate) async fn send(
    to: SocketAddr,
    mut request: Request<Body>,
) -> Result<Response<Incoming>, Unanswered> {
    if let Ok(host) = HeaderValue::from_str(&to.to_string()) {
        request.headers_mut().entry(header::HOST).or_insert(host);
    }
    let exchange = async {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // The task ends when the sender and the response's body are dropped.
        tokio::spawn(connection);
        Ok(sender.send_request(request).await?)
    };
    timeout(DEADLINE, exchange).await.unwrap_or(Err(Unanswered::Late))
}
